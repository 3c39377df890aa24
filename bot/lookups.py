"""`Lookups`: finds names that stand in lists, among thousands of names, in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.table import SEPARATOR, Table, keys_of


class Lookups:
    """Names of one or more words, and the list that each stands in.

    `lookups` maps each name to its list's name. Kept are digests only, and of each word that begins a name
    how long the longest such name is.
    """

    def __init__(self, lookups: Mapping[tuple[str, ...], str]) -> None:
        self.lists = tuple(sorted(set(lookups.values())))
        number = {name: i for i, name in enumerate(self.lists)}
        keys = keys_of(map(SEPARATOR.join, lookups))
        order = np.argsort(keys)
        self._names = Table(keys[order])
        self._list = np.array([number[name] for name in lookups.values()], np.int32)[order]
        longest: dict[str, int] = {}
        for first, *others in lookups:
            longest[first] = max(longest.get(first, 0), 1 + len(others))
        keys = keys_of(longest)
        order = np.argsort(keys)
        self._firsts = Table(keys[order])
        self._longest = np.array(list(longest.values()), np.int32)[order]

    def find(self, found: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where in a text the names are: the first word's place, the end, the list's place in `lists`.

        Of names that overlap, the one that begins first counts, and of those the longest.
        """
        names: list[tuple[int, int, int]] = []
        end = 0
        for first, row in enumerate(self._firsts.rows(keys_of(found)).tolist()):
            if row < 0 or first < end:
                continue
            ends = range(first + 1, min(first + int(self._longest[row]), len(found)) + 1)
            rows = self._names.rows(keys_of(SEPARATOR.join(found[first:stop]) for stop in ends)).tolist()
            if known := [(stop, name) for stop, name in zip(ends, rows, strict=True) if name >= 0]:
                end, name = known[-1]
                names.append((first, end, int(self._list[name])))
        return names
