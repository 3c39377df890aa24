"""The features of a text: words with their neighbours, and letter n-grams, as two blocks of names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Block = dict[str, None]
"""The names of a text's features: a set that keeps its order, so that sums come out the same every time."""

GRAM_SIZES = (3, 4)
EDGE = "\x02"
STRANGER = "\x03"


def word_block(words: Sequence[str], stem: Callable[[str], str], common: Callable[[str], bool]) -> Block:
    """Stems, and pairs of neighbouring stems with the text's two edges as neighbours too.

    Words that are not `common` stand for all the words that nobody foresaw: they give the features of
    `STRANGER` as well. So a classifier learns from its own rare words what a strange word in that place
    means: after "how many episodes has ..." another series.
    """
    stems = [stem(word) for word in words]
    block = _chain(stems)
    roles = [each if common(word) else STRANGER for word, each in zip(words, stems, strict=True)]
    if STRANGER in roles:
        block |= _chain(roles)
    return block


def _chain(links: Sequence[str]) -> Block:
    block: Block = dict.fromkeys(links)
    previous = EDGE
    for current in (*links, EDGE):
        block[f"{previous} {current}"] = None
        previous = current
    return block


def gram_block(words: Sequence[str]) -> Block:
    """The letter n-grams of every word, its edges marked."""
    block: Block = {}
    for word in words:
        marked = f"<{word}>"
        for size in GRAM_SIZES:
            for i in range(len(marked) - size + 1):
                block[marked[i : i + size]] = None
    return block
