"""The features of a text, two blocks of keys (`bot.table`): words with their neighbours, letter n-grams.

`word_block` and `gram_block` are those of one text, `chains` and `spread` the same for many at once.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.table import Keys, keys_of, union

GRAM_SIZES = (3, 4)

EDGE, STRANGER = keys_of(["\x02", "\x03"])
LISTED = "\x04"

PAIR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no two words have the same product; from the golden ratio, so that products scatter."""


def word_block(stems: Keys, roles: Keys) -> Keys:
    """Stems, and pairs of neighbouring stems with the text's two edges as neighbours too.

    `roles` is the same text with some words replaced by what they stand for: the lookup list that names
    them, or `STRANGER`, which is every word that nobody foresaw. So a classifier learns from the words it
    has seen what others mean in their place: after "how many episodes has ..." another series.
    """
    return union([chains(links, np.array([len(links)]))[0] for links in (stems, roles)])


def gram_block(words: list[str]) -> Keys:
    """The letter n-grams of every word, its edges marked."""
    return union([grams(word) for word in words])


@lru_cache(maxsize=16_384)
def grams(word: str) -> Keys:
    """The letter n-grams of a word, each once."""
    marked = f"<{word}>"
    return keys_of({marked[i : i + size]: None for size in GRAM_SIZES for i in range(len(marked) - size + 1)})


def chains(links: Keys, lengths: NDArray[np.intp]) -> tuple[Keys, NDArray[np.intp]]:
    """The links of texts laid end to end and their pairs, and the number of the text that holds each."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    ends = np.append(0, np.cumsum(lengths))
    edged = np.insert(links, ends, EDGE)
    holder = np.insert(text, ends[:-1], np.arange(len(lengths)))
    return np.concatenate([links, edged[:-1] * PAIR + edged[1:]]), np.concatenate([text, holder])


def spread(
    start: NDArray[np.intp], parts: NDArray[np.integer], things: NDArray[np.intp]
) -> tuple[NDArray[np.integer], NDArray[np.intp]]:
    """The parts `parts[start[t]:start[t + 1]]` of each thing `t`, end to end, and how many each has."""
    first, counts = start[things], start[things + 1] - start[things]
    ends = np.cumsum(counts)
    return parts[np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)], counts
