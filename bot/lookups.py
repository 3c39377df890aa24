"""`Lookups`: finds names that stand in lists, among thousands of names, in a text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.table import STRANGE, Table, sequence_keys
from bot.vocabulary import Vocabulary


class Lookups:
    """Names of one or more words, and the list that each stands in.

    `lookups` maps each name to its list's name. Kept are digests only, and for each word of the vocabulary
    how long the longest name is that begins with it.
    """

    def __init__(self, lookups: Mapping[tuple[str, ...], str], vocabulary: Vocabulary) -> None:
        self.lists = tuple(sorted(set(lookups.values())))
        number = {name: i for i, name in enumerate(self.lists)}
        keys = [sequence_keys(vocabulary.numbers(name).tolist())[-1] for name in lookups]
        order = np.argsort(np.array(keys, np.uint64))
        self._names = Table(np.array(keys, np.uint64)[order])
        self._list = np.array([number[name] for name in lookups.values()], np.int32)[order]
        self._longest = np.zeros(len(vocabulary) + 1, np.int32)  # the last one is that of `STRANGE`
        first = vocabulary.numbers(name[0] for name in lookups)
        np.maximum.at(self._longest, first, [len(name) for name in lookups])

    def find(self, numbers: NDArray[np.int32], start: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the names are in texts laid end to end, the numbers of their words.

        For each name the first word's place, the end, and the list's place in `lists`. Of names that overlap,
        the one that begins first counts, and of those the longest.
        """
        left = np.repeat(start[1:], np.diff(start)) - np.arange(len(numbers))
        longest = np.minimum(self._longest[numbers], left)
        spans: list[tuple[int, int]] = []
        keys: list[int] = []
        for first in np.flatnonzero(longest).tolist():
            last = first + int(longest[first])
            spans += [(first, end) for end in range(last, first, -1)]
            keys += reversed(sequence_keys(numbers[first:last].tolist()))
        rows = self._names.rows(np.array(keys, np.uint64)).tolist()
        names: list[tuple[int, int, int]] = []
        free = 0
        for (first, end), row in zip(spans, rows, strict=True):
            if row != STRANGE and first >= free:
                names.append((first, end, int(self._list[row])))
                free = end
        return np.array(names, np.int64).reshape(-1, 3)
