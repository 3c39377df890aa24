"""`Vocabulary`: the words that utterances use, by number, and how often each is used, alone and beside whom.

It loads in no time: no word is a Python string before somebody asks for `words`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.table import Keys, Table, counted, keys_of

AS_IF = 100_000
"""Counts are scaled to utterances of so many words, so that the same figures serve small and large sets."""

NOTHING = ""
"""The neighbour of the first and the last word."""

STRANGE = -1
"""The number of every word that is not known."""

Places = NDArray[np.integer]


class Vocabulary:
    """The words of `texts`, numbered from 0 on, from the rarest to the most used."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        number: dict[str, int] = {}
        said = array("i", [STRANGE])
        for text in texts:
            said.extend([number.setdefault(word, len(number)) for word in text])
            said.append(STRANGE)
        numbers = np.array(said, np.int32)
        counts = np.bincount(numbers[numbers != STRANGE], minlength=len(number))
        words = sorted(number, key=lambda word: (counts[number[word]], word))
        order = np.array([number[word] for word in words], np.intp)
        keys = keys_of(words)
        by_key = np.argsort(keys)
        self._packed = "\n".join(words)
        self._table = Table(keys[by_key])
        self._number = by_key.astype(np.int32)
        self.counts = counts[order].astype(np.int32)
        self.scale = AS_IF / max(1, int(counts.sum()))
        self._nothing = len(words)
        place = np.empty(len(words) + 1, np.int32)
        place[order] = np.arange(len(words))
        place[STRANGE] = self._nothing
        pairs, together = counted(self._pair(place[numbers[:-1]], place[numbers[1:]]))
        self._pairs = Table(pairs)
        self._together = together.astype(np.int32)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "number"}

    def __len__(self) -> int:
        return len(self.counts)

    def __contains__(self, word: str) -> bool:
        return self.number(word) != STRANGE

    @property
    def words(self) -> list[str]:
        """All words, in the order of their numbers."""
        return self._packed.split("\n") if self._packed else []

    @cached_property
    def number(self) -> Callable[[str], int]:
        """The number of a word, `STRANGE` if it is not known."""

        def number(word: str) -> int:
            row = int(self._table.rows(keys_of((word,)))[0])
            return STRANGE if row < 0 else int(self._number[row])

        return lru_cache(maxsize=16_384)(number)

    def place(self, word: str) -> int:
        """What stands for a word among neighbours: its number, or what `NOTHING` and strangers have."""
        if word == NOTHING:
            return self._nothing
        return number if (number := self.number(word)) != STRANGE else self._nothing + 1

    def together(self, before: Places, after: Places) -> NDArray[np.int32]:
        """How often each two words stand side by side, by their places."""
        rows = self._pairs.rows(self._pair(before, after))
        return np.where(rows < 0, 0, self._together[rows])

    def _pair(self, before: Places, after: Places) -> Keys:
        pairs = before.astype(np.uint64)
        pairs *= np.uint64(self._nothing + 2)
        pairs += after.astype(np.uint64)
        return pairs
