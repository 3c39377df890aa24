"""`Table`: a set of names in one compact array, in which many names are looked up at once.

A dictionary of a hundred thousand strings takes long to load and much memory; the digests of the strings
take eight bytes each, and with 64 bits no two of a million names are likely to share one.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.integer)

Keys = NDArray[np.uint64]
"""Digests of names."""

PAIR = np.uint64(0x9E3779B97F4A7C15)
"""Makes one key of two: `first * PAIR + second`. Odd, so that no two keys have the same product; from the
golden ratio, so that products scatter."""

MOST = 2**64 - 1
"""Keys have 64 bits."""

NO_KEYS = np.empty(0, np.uint64)

STRANGE = -1
"""The number of every name that is not known."""


def keys_of(names: Iterable[str]) -> Keys:
    """The digests of `names`, in their order: the same in every process, unlike Python's own."""
    digests = [blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names]
    return np.frombuffer(b"".join(digests), "<u8")


def distinct(keys: NDArray[T]) -> NDArray[T]:
    """Each of `keys` once, in order of size. (`numpy.unique` is slower: it hashes first, then sorts.)"""
    ordered = np.sort(keys)
    return ordered[_first(ordered)]


def counted(keys: NDArray[T]) -> tuple[NDArray[T], NDArray[np.int64]]:
    """The same, and how often each is there; sorts `keys` themselves, to save memory."""
    keys.sort()
    first = np.flatnonzero(_first(keys))
    return keys[first], np.diff(first, append=len(keys))


def _first(ordered: NDArray[T]) -> NDArray[np.bool_]:
    """Where each stands for the first time."""
    first = np.empty(len(ordered), np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def sequence_keys(numbers: Iterable[int]) -> list[int]:
    """The keys of the first word of a text, of the first two, and so on, from the words' numbers.

    A number counts with 2 more than it is, so that none is lost, not even `STRANGE`.
    """
    keys: list[int] = []
    key, power, factor = 0, 1, int(PAIR)
    for number in numbers:
        power = power * factor & MOST
        key = key + (number + 2) * power & MOST
        keys.append(key)
    return keys


class Table:
    """A set of names by their digests, sorted; a name's row is its place there."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, wanted: Keys) -> NDArray[np.intp]:
        """The row of each of `wanted`, -1 for those that are not in the table."""
        if not len(self.keys):
            return np.full(len(wanted), -1, np.intp)
        at = self.keys.searchsorted(wanted)
        at[self.keys.take(at, mode="clip") != wanted] = -1
        return at

    def row(self, wanted: np.uint64) -> int:
        """The row of one key, quicker."""
        at = int(self.keys.searchsorted(wanted))
        return at if at < len(self.keys) and self.keys[at] == wanted else -1


class Numbering:
    """Finds the number of a name: its place among `names`, which are all different."""

    def __init__(self, names: Iterable[str]) -> None:
        keys = keys_of(names)
        order = np.argsort(keys)
        self._table = Table(keys[order])
        self._places = order.astype(np.int32)

    def number(self, name: str) -> int:
        """The number of a name, `STRANGE` if it has none."""
        row = self._table.row(keys_of((name,))[0])
        return STRANGE if row < 0 else int(self._places[row])

    def numbers(self, names: Iterable[str]) -> NDArray[np.int32]:
        """The numbers of many names."""
        rows = self._table.rows(keys_of(names))
        places = np.full(len(rows), STRANGE, np.int32)
        places[rows >= 0] = self._places[rows[rows >= 0]]
        return places
