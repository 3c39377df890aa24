"""`Texts`: many texts as the numbers of their words, in two arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.table import PAIR, Keys, distinct


@dataclass(frozen=True, slots=True)
class Texts:
    """Text t consists of the words whose numbers are `said[start[t]:start[t + 1]]`."""

    said: NDArray[np.int32]
    start: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], number: Mapping[str, int]) -> Texts:
        """From texts as words, each of which has a number."""
        said, start = array("i"), array("q", [0])
        for text in texts:
            said.extend(map(number.__getitem__, text))
            start.append(len(said))
        return cls(np.array(said, np.int32), np.array(start, np.int64))

    def __len__(self) -> int:
        return len(self.start) - 1

    def spelt(self, words: Sequence[str]) -> Iterator[list[str]]:
        """Each text as words again, from all words by number."""
        for a, b in pairwise(self.start.tolist()):
            yield [words[i] for i in self.said[a:b].tolist()]

    @property
    def owner(self) -> NDArray[np.int64]:
        """The text that each word stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def holders(self, n_words: int) -> NDArray[np.int64]:
        """In how many texts each of `n_words` words stands."""
        cells = distinct(self.owner * n_words + self.said)
        return np.bincount(cells % max(1, n_words), minlength=n_words)

    def keys(self) -> Keys:
        """A digest of each text's sequence of words."""
        place = np.arange(len(self.said)) - np.repeat(self.start[:-1], np.diff(self.start))
        power = np.cumprod(np.full(place.max(initial=0) + 1, PAIR))
        sums: Keys = np.append(np.uint64(0), np.cumsum((self.said + 2).astype(np.uint64) * power[place]))
        keys: Keys = sums[self.start[1:]] - sums[self.start[:-1]]
        return keys
