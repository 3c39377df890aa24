"""`Lookups`: finds names that stand in lists, among thousands of names, in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.table import SEPARATOR, STRANGE, Numbering
from bot.vocabulary import Vocabulary


class Lookups:
    """Names of one or more words, and the list that each stands in.

    `lookups` maps each name to its list's name. Kept are digests only, and for each word of the vocabulary
    how long the longest name is that begins with it.
    """

    def __init__(self, lookups: Mapping[tuple[str, ...], str], vocabulary: Vocabulary) -> None:
        self.lists = tuple(sorted(set(lookups.values())))
        self._names = Numbering.of(map(SEPARATOR.join, lookups))
        number = {name: i for i, name in enumerate(self.lists)}
        self._list = np.array([number[name] for name in lookups.values()], np.int32)
        self._longest = np.zeros(len(vocabulary) + 1, np.int32)  # the last one is that of `STRANGE`
        first = vocabulary.numbers(name[0] for name in lookups)
        np.maximum.at(self._longest, first, [len(name) for name in lookups])

    def find(self, found: Sequence[str], numbers: NDArray[np.int32]) -> list[tuple[int, int, int]]:
        """Where in a text, its words and their numbers, the names are.

        Of each the first word's place, the end, and the list's place in `lists`. Of names that overlap, the
        one that begins first counts, and of those the longest.
        """
        longest = np.minimum(self._longest[numbers], np.arange(len(numbers), 0, -1)).tolist()
        spans = [(first, first + size) for first, most in enumerate(longest) for size in range(most, 0, -1)]
        known = self._names.numbers(SEPARATOR.join(found[first:end]) for first, end in spans).tolist()
        names: list[tuple[int, int, int]] = []
        free = 0
        for (first, end), name in zip(spans, known, strict=True):
            if name != STRANGE and first >= free:
                names.append((first, end, int(self._list[name])))
                free = end
        return names
