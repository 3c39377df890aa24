"""`Exact`: recognises the very words of an utterance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.table import STRANGE, Keys, Table, sequence_keys

if TYPE_CHECKING:
    from bot.texts import Texts


class Exact:
    """Word sequences that stand under one entry only, in one of the `versions` of texts, and those entries.

    What is so in an earlier version belongs to its entry, whatever it is reduced to in a later one.
    """

    def __init__(self, versions: Iterable[Texts], entry_of: NDArray[np.int32]) -> None:
        found: list[tuple[Keys, NDArray[np.int32]]] = []
        for texts in versions:
            once, first, row = np.unique(texts.keys(), return_index=True, return_inverse=True)
            least, most = entry_of[first].copy(), entry_of[first].copy()
            np.minimum.at(least, row, entry_of)
            np.maximum.at(most, row, entry_of)
            found.append((once[least == most], least[least == most]))
        keys, first = np.unique(np.concatenate([keys for keys, _ in found]), return_index=True)
        self._table = Table(keys)
        self._entry = np.concatenate([entries for _, entries in found])[first]

    def entry(self, numbers: Sequence[int]) -> int | None:
        """The entry that a sequence of words, by their numbers, belongs to; None if there is not just one."""
        if not numbers or STRANGE in numbers:
            return None
        row = self._table.row(np.uint64(sequence_keys(numbers)[-1]))
        return None if row < 0 else int(self._entry[row])
