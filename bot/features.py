"""The features of a text: words with their neighbours, and letter n-grams, as two blocks of names."""

from __future__ import annotations

from collections.abc import Sequence

Block = dict[str, None]
"""The names of a text's features: a set that keeps its order, so that sums come out the same every time."""

GRAM_SIZES = (3, 4)
EDGE = "\x02"
STRANGER = "\x03"
LISTED = "\x04"


def word_block(stems: Sequence[str], roles: Sequence[str]) -> Block:
    """Stems, and pairs of neighbouring stems with the text's two edges as neighbours too.

    `roles` is the same text with some words replaced by what they stand for: the lookup list that names
    them, or `STRANGER`, which is every word that nobody foresaw. So a classifier learns from the words it
    has seen what others mean in their place: after "how many episodes has ..." another series.
    """
    block = _chain(stems)
    if roles != stems:
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
