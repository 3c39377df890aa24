"""`Table`: a set of names in one compact array, in which many names are looked up at once.

A dictionary of a hundred thousand strings takes long to load and much memory; the digests of the strings
take eight bytes each, and with 64 bits no two of a million names are likely to share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
"""Digests of names."""

NO_KEYS = np.empty(0, np.uint64)

SEPARATOR = "\x00"
"""Stands in no word."""


def keys_of(names: Iterable[str]) -> Keys:
    """The digests of `names`, in their order: the same in every process, unlike Python's own."""
    digests = [blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names]
    return np.frombuffer(b"".join(digests), "<u8")


def key_of(words: Sequence[str]) -> Keys:
    """The digest of a sequence of words, as the one of an array."""
    return keys_of((SEPARATOR.join(words),))


def union(parts: Sequence[Keys]) -> Keys:
    """Each key of `parts` once, in order of size, so that sums over them come out the same every time."""
    if not parts:
        return NO_KEYS
    ordered = np.concatenate(parts)
    ordered.sort()
    first = np.empty(len(ordered), np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


@dataclass(frozen=True, slots=True)
class Table:
    """A set of names by their digests, sorted; a name's row is its place there."""

    keys: Keys

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, wanted: Keys) -> NDArray[np.intp]:
        """The row of each of `wanted`, -1 for those that are not in the table."""
        if not len(self.keys):
            return np.full(len(wanted), -1, np.intp)
        at = np.searchsorted(self.keys, wanted)
        at[at == len(self.keys)] = 0
        return np.where(self.keys[at] == wanted, at, -1)
