"""The features of a text, two blocks of keys (`bot.table`): words with their neighbours, letter n-grams.

`word_block` and `gram_block` are those of one text, `chains` and `spread` the same for many at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.table import PAIR, Keys, keys_of, union

GRAM_SIZES = (3, 4)

EDGE, STRANGER = keys_of(["\x02", "\x03"])
LISTED = "\x04"


def word_block(stems: Keys, roles: Keys) -> Keys:
    """Stems, and pairs of neighbouring stems with the text's two edges as neighbours too.

    `roles` is the same text with some words replaced by what they stand for: the lookup list that names
    them, or `STRANGER`, which is every word that nobody foresaw. So a classifier learns from the words it
    has seen what others mean in their place: after "how many episodes has ..." another series.
    """
    return union([part for links in (stems, roles) for part in (links, _pairs(links))])


def _pairs(links: Keys) -> Keys:
    edged = np.empty(len(links) + 2, np.uint64)
    edged[0] = edged[-1] = EDGE
    edged[1:-1] = links
    return edged[:-1] * PAIR + edged[1:]


def gram_block(words: Iterable[str]) -> Keys:
    """The letter n-grams of every word, its edges marked."""
    return union([remembered_grams(word) for word in words])


def grams(word: str) -> Keys:
    """The letter n-grams of a word, each once."""
    marked = f"<{word}>"
    return keys_of({marked[i : i + size]: None for size in GRAM_SIZES for i in range(len(marked) - size + 1)})


remembered_grams = lru_cache(maxsize=16_384)(grams)


def chains(links: Keys, start: NDArray[np.integer]) -> tuple[Keys, NDArray[np.int64]]:
    """The links of texts laid end to end and their pairs, and the number of the text that holds each.

    Text t has `links[start[t]:start[t + 1]]`; the first text may begin anywhere.
    """
    lengths = np.diff(start)
    text = np.repeat(np.arange(len(lengths)), lengths)
    edged = np.insert(links[start[0] : start[-1]], start - start[0], EDGE)
    holder = np.repeat(np.arange(len(lengths)), lengths + 1)
    return (
        np.concatenate([links[start[0] : start[-1]], edged[:-1] * PAIR + edged[1:]]),
        np.concatenate([text, holder]),
    )


def spread(
    start: NDArray[np.integer], parts: NDArray[np.int32], things: NDArray[np.integer]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The parts `parts[start[t]:start[t + 1]]` of each thing `t`, end to end, and how many each has."""
    first, counts = start[things], start[things + 1] - start[things]
    ends = np.cumsum(counts)
    return parts[np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)], counts
