"""Learns every entry's classifier: a linear support vector machine, one entry against all others.

The method is dual coordinate descent for the squared hinge loss (Hsieh, Chang, Lin, Keerthi and
Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008), for all entries
at once. Where features times entries grow past `MAX_CELLS` nothing is learnt, and every entry's classifier
is the mean of its utterances (Rocchio's method), which takes one pass and little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.model import Model, Rows
from bot.table import counted

MAX_CELLS = 16_000_000
"""Features times entries that are learnt at most; each takes four bytes."""

SLIGHT = 0.02
"""Smaller weights are left out: four in five are, and 99 scores in 100 move by less than a hundredth."""


def train(
    rows: Callable[[], Iterable[Rows]],
    n_features: int,
    n_entries: int,
    *,
    cost: float,
    positive: float,
    epochs: int,
) -> Model:
    """Learn from all `rows()`, each of which has some entries' utterances, which entry each belongs to.

    `cost` is the price of a mistake against that of large weights; `positive` says how many times dearer
    it is to miss an utterance of the entry than to accept one of another.
    """
    if n_features * n_entries > MAX_CELLS or n_entries == 1:
        return _means(rows, n_features, n_entries)
    vectors: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []
    owners: list[NDArray[np.int32]] = []
    for some in rows():
        vectors += [(some.features[a:b], some.values[a:b]) for a, b in pairwise(some.start.tolist())]
        owners.append(some.entry_of)
    entry_of = np.concatenate(owners)
    weights = np.zeros((n_features, n_entries), np.float32)
    bias = np.zeros(n_entries, np.float32)
    duals = np.zeros((len(entry_of), n_entries), np.float32)
    targets = np.where(np.arange(n_entries) == entry_of[:, None], 1, -1).astype(np.float32)
    slacks = (np.where(targets > 0, 1 / positive, 1) / (2 * cost)).astype(np.float32)
    norms = [float(values @ values) + 1 for _, values in vectors]
    random = np.random.default_rng(0)
    for _ in range(epochs):
        for r in random.permutation(len(vectors)):
            features, values = vectors[r]
            target, slack, old = targets[r], slacks[r], duals[r]
            margin = target * (values @ weights[features] + bias)
            new = np.maximum(old + (1 - margin - old * slack) / (norms[r] + slack), 0)
            change = (new - old) * target
            duals[r] = new
            bias += change
            weights[features] += np.multiply.outer(values, change)
    feature, entry = np.nonzero(np.abs(weights) >= SLIGHT)
    counts = np.bincount(feature, minlength=n_features).astype(np.int32)
    kept = _Weights(counts, n_entries, float(np.abs(weights).max(initial=0)))
    kept.add(feature, entry, weights[feature, entry])
    return kept.model(bias)


def _means(rows: Callable[[], Iterable[Rows]], n_features: int, n_entries: int) -> Model:
    """Means scaled so that an entry's own utterances have, on average, margin 1, and strangers -1.

    They are computed twice, as all at once, before it is known where each has its place, take much memory.
    """
    counts = np.zeros(n_features, np.int32)
    largest = 0.0
    for some in rows():
        features, _, weights = _means_of(some, n_entries)
        feature, here = counted(features)
        counts[feature] += here.astype(np.int32)
        largest = max(largest, float(weights.max(initial=0)))
    kept = _Weights(counts, n_entries, largest)
    for some in rows():
        kept.add(*_means_of(some, n_entries))
    return kept.model(np.full(n_entries, -1, np.float32))


def _means_of(rows: Rows, n_entries: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Features, entries and weights that matter, sorted."""
    owner = np.repeat(rows.entry_of, np.diff(rows.start))
    cells, cell = np.unique(rows.features * np.int64(n_entries) + owner, return_inverse=True)
    feature, entry = np.divmod(cells, n_entries)
    mean = np.bincount(cell, rows.values) / np.bincount(rows.entry_of, minlength=n_entries)[entry]
    weight = 2 * mean / np.bincount(entry, mean**2, minlength=n_entries)[entry]
    matters = weight >= SLIGHT
    return feature[matters], entry[matters], weight[matters]


class _Weights:
    """Fills a `Model`, in the smallest types that hold it."""

    def __init__(self, counts: NDArray[np.int32], n_entries: int, largest: float) -> None:
        """`counts` says to how many entries each feature speaks, `largest` how large weights are at most."""
        smallest, short = np.min_scalar_type(n_entries), np.dtype(np.int16)
        self._unit = largest / np.iinfo(short).max
        self._often = counts * (smallest.itemsize + short.itemsize) > n_entries * short.itemsize
        self._start = np.zeros(len(counts) + 1, np.int32)
        np.cumsum(np.where(self._often, 0, counts), out=self._start[1:])
        self._free = self._start[:-1].copy()
        self._entry = np.empty(self._start[-1], smallest)
        self._weight = np.empty(self._start[-1], short)
        self._usual = np.flatnonzero(self._often).astype(np.int32)
        self._full = np.zeros((len(self._usual), n_entries), short)

    def add(self, feature: NDArray[np.int64], entry: NDArray[np.int64], weight: NDArray[np.floating]) -> None:
        """Weights of features for entries, in the order of the features."""
        often = self._often[feature]
        weight = np.rint(weight / self._unit)
        self._full[np.searchsorted(self._usual, feature[often]), entry[often]] = weight[often]
        each, first, here = np.unique(feature[~often], return_index=True, return_counts=True)
        where = np.arange(here.sum()) + np.repeat(self._free[each] - first, here)
        self._entry[where], self._weight[where] = entry[~often], weight[~often]
        self._free[each] += here.astype(np.int32)

    def model(self, bias: NDArray[np.float32]) -> Model:
        return Model(self._start, self._entry, self._weight, self._unit, bias, self._usual, self._full)
