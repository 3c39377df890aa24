"""The features of texts, two blocks of keys (`bot.table`): words with their neighbours, letter n-grams.

Texts are laid end to end: what a text has is told by where it begins, or by its number beside each key.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.table import NO_KEYS, PAIR, Keys, keys_of

GRAM_SIZES = (3, 4)

EDGE, STRANGER = keys_of(["\x02", "\x03"])
LISTED = "\x04"


Links = tuple[Keys, NDArray[np.int64]]
"""Keys of texts laid end to end, and where each text begins, and the last one ends."""


def word_block(versions: tuple[Links, Links]) -> tuple[Keys, NDArray[np.int64]]:
    """Words, and pairs of neighbouring words with the text's two edges as neighbours too; and their texts.

    `versions` are the texts as stems and as roles: with some words replaced by what they stand for, the
    lookup list that names them, or `STRANGER`, which is every word that nobody foresaw. So a classifier
    learns from the words it has seen what others mean in their place: after "how many episodes has ..."
    another series.
    """
    stems, roles = versions
    links = np.concatenate([stems[0], roles[0]])
    lengths = np.concatenate([np.diff(stems[1]), np.diff(roles[1])])
    text = np.tile(np.arange(len(lengths) // 2), 2)
    edged = np.full(len(links) + len(lengths) + 1, EDGE)
    edged[np.arange(1, len(links) + 1) + np.repeat(np.arange(len(lengths)), lengths)] = links
    pairs = edged[:-1] * PAIR + edged[1:]
    return np.concatenate([links, pairs]), np.concatenate([text.repeat(lengths), text.repeat(lengths + 1)])


def gram_block(words: Iterable[str], text: NDArray[np.int64]) -> tuple[Keys, NDArray[np.int64]]:
    """The letter n-grams of words, each of which stands in a text; and their texts."""
    found = [remembered_grams(word) for word in words]
    return np.concatenate((NO_KEYS, *found)), np.repeat(text, [len(each) for each in found])


def grams(word: str) -> Keys:
    """The letter n-grams of a word, each once."""
    marked = f"<{word}>"
    return keys_of({marked[i : i + size]: None for size in GRAM_SIZES for i in range(len(marked) - size + 1)})


remembered_grams = lru_cache(maxsize=16_384)(grams)


def once(keys: Keys, holder: NDArray[np.int64]) -> tuple[Keys, NDArray[np.int64]]:
    """Each key once for each that holds it, sorted, so that sums come out the same every time."""
    order = np.lexsort((keys, holder))
    keys, holder = keys[order], holder[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = (keys[1:] != keys[:-1]) | (holder[1:] != holder[:-1])
    return keys[first], holder[first]


def spread(
    start: NDArray[np.integer], parts: NDArray[np.int32], things: NDArray[np.integer]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The parts `parts[start[t]:start[t + 1]]` of each thing `t`, end to end, and how many each has."""
    first, counts = start[things], start[things + 1] - start[things]
    ends = np.cumsum(counts)
    return parts[np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)], counts
