"""`Rows`: what there is to learn from. `Model`: what was learnt; features of texts -> margins for entries."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Rows(NamedTuple):
    """Utterances as sparse vectors end to end, those of an entry beside one another, in the entries' order.

    Utterance u has the features `features[start[u]:start[u + 1]]`, with the values that stand there, and
    belongs to the entry `entry_of[u]`, counted from 0.
    """

    features: NDArray[np.int32]
    values: NDArray[np.float32]
    start: NDArray[np.int64]
    entry_of: NDArray[np.int32]


class Model(NamedTuple):
    """Every entry's classifier, with only those weights that matter.

    Feature f speaks for or against the entries `entry[start[f]:start[f + 1]]`, with the weights that stand
    there; `bias` has a figure for each entry. Features that speak to most entries have no such list: the
    feature `usual[i]` has for each entry a weight in row i of `full`, which takes less room and less time.
    Weights need no more than three digits: they are whole numbers of `unit`.
    """

    start: NDArray[np.int32]
    entry: NDArray[np.unsignedinteger]
    weight: NDArray[np.int16]
    unit: float
    bias: NDArray[np.float32]
    usual: NDArray[np.int32]
    full: NDArray[np.int16]

    def margins(
        self,
        features: NDArray[np.int32],
        values: NDArray[np.float32],
        text: NDArray[np.int64],
        n_texts: int,
    ) -> NDArray[np.float64]:
        """Each text's margin for every entry: near 1 and above says yes, near -1 and below no.

        `text` tells for each of the features, and their values, which text has it.
        """
        n_entries = len(self.bias)
        values = values * np.float32(self.unit)
        first = self.start[features]
        counts = self.start[features + 1] - first
        ends = np.cumsum(counts)
        where = np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)
        products = self.weight[where] * np.repeat(values, counts)
        cells = self.entry[where] + np.repeat(text * n_entries, counts)
        sums = np.bincount(cells, products, minlength=n_texts * n_entries).reshape(n_texts, n_entries)
        if len(self.usual):
            at = np.searchsorted(self.usual, features)
            among = self.usual.take(at, mode="clip") == features
            matrix = np.zeros((n_texts, np.count_nonzero(among)), np.float32)
            matrix[text[among], np.arange(matrix.shape[1])] = values[among]
            sums = sums + matrix @ self.full[at[among]].astype(np.float32)
        return np.asarray(sums + self.bias, np.float64)
