"""`Vocabulary`: the words that utterances use, by number, and how often each is used, alone and beside whom.

It loads in no time: no word is a Python string before somebody asks for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.table import STRANGE, Numbering, Table, counted

NOTHING = ""
"""The neighbour of the first and the last word."""


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
        self._numbering = Numbering(words)
        spelt = [word.encode("utf-8", "surrogatepass") for word in words]
        self._letters = np.frombuffer(b"".join(spelt), np.uint8)
        self._start = np.append(0, np.cumsum([len(word) for word in spelt], dtype=np.int32))
        self.counts = counts[order].astype(np.int32)
        self._nothing = len(words)
        self._base = len(words) + 2
        place = np.empty(len(words) + 1, np.int32)
        place[order] = np.arange(len(words))
        place[STRANGE] = self._nothing
        pairs = place[numbers[:-1]].astype(np.uint64)
        pairs *= np.uint64(self._base)
        pairs += place[numbers[1:]].astype(np.uint64)
        pairs, together = counted(pairs)
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
        return self.spelt(np.arange(len(self)))

    def spelt(self, numbers: NDArray[np.integer]) -> list[str]:
        """The words of some numbers."""
        starts, ends = self._start[numbers].tolist(), self._start[numbers + 1].tolist()
        letters = self._letters.data
        return [str(letters[a:b], "utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)]

    @cached_property
    def number(self) -> Callable[[str], int]:
        """The number of a word, `STRANGE` if it is not known."""
        return lru_cache(maxsize=16_384)(self._numbering.number)

    def numbers(self, words: Iterable[str]) -> NDArray[np.int32]:
        """The numbers of many words."""
        return self._numbering.numbers(words)

    def place(self, word: str) -> int:
        """What stands for a word among neighbours: its number, or what `NOTHING` and strangers have."""
        if word == NOTHING:
            return self._nothing
        return number if (number := self.number(word)) != STRANGE else self._nothing + 1

    def together(self, pairs: Iterable[tuple[int, int]]) -> list[int]:
        """How often each two words stand side by side, by their places."""
        rows = self._pairs.rows(np.array([before * self._base + after for before, after in pairs], np.uint64))
        counts: list[int] = np.where(rows < 0, 0, self._together[rows]).tolist()
        return counts
