"""The features of a text, two blocks of keys (`bot.table`): words with their neighbours, letter n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.table import Keys, keys_of, union

GRAM_SIZES = (3, 4)
EDGE = "\x02"
STRANGER = "\x03"
LISTED = "\x04"


def word_block(stems: Sequence[str], roles: Sequence[str]) -> Keys:
    """Stems, and pairs of neighbouring stems with the text's two edges as neighbours too.

    `roles` is the same text with some words replaced by what they stand for: the lookup list that names
    them, or `STRANGER`, which is every word that nobody foresaw. So a classifier learns from the words it
    has seen what others mean in their place: after "how many episodes has ..." another series.
    """
    names = _chain(stems)
    if roles != stems:
        names |= _chain(roles)
    return union([keys_of(names)])


def _chain(links: Sequence[str]) -> dict[str, None]:
    """A set that keeps its order."""
    names = dict.fromkeys(links)
    previous = EDGE
    for current in (*links, EDGE):
        names[f"{previous} {current}"] = None
        previous = current
    return names


def gram_block(words: Sequence[str]) -> Keys:
    """The letter n-grams of every word, its edges marked."""
    return union([_grams(word) for word in words])


@lru_cache(maxsize=16_384)
def _grams(word: str) -> Keys:
    marked = f"<{word}>"
    return keys_of({marked[i : i + size]: None for size in GRAM_SIZES for i in range(len(marked) - size + 1)})
