"""Learns every entry's classifier: a linear support vector machine, one entry against all others.

The method is dual coordinate descent for the squared hinge loss (Hsieh, Chang, Lin, Keerthi and
Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008), for all entries
at once. Where features times entries grow past `MAX_CELLS` nothing is learnt, and every entry's classifier
is the mean of its utterances (Rocchio's method), which takes one pass and little memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MAX_CELLS = 16_000_000
"""Features times entries that are learnt at most; each takes four bytes."""

SLIGHT = 0.01
"""Smaller weights are left out: five in six are, and hardly a margin moves by more than a hundredth."""

BATCH = 4096
"""Utterances whose means are taken at a time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Utterances as sparse vectors end to end, those of an entry beside one another, in the entries' order.

    Utterance u has the features `features[start[u]:start[u + 1]]`, with the values that stand there, and
    belongs to the entry `entry_of[u]`, counted from 0.
    """

    features: NDArray[np.int32]
    values: NDArray[np.float32]
    start: NDArray[np.intp]
    entry_of: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Model:
    """Every entry's classifier, with only those weights that matter.

    Feature f speaks for or against the entries `entry[start[f]:start[f + 1]]`, with the weights that stand
    there; `bias` has a figure for each entry. Weights need no more than three digits.
    """

    start: NDArray[np.int32]
    entry: NDArray[np.unsignedinteger]
    weight: NDArray[np.float16]
    bias: NDArray[np.float32]

    def margins(self, features: NDArray[np.int32], values: NDArray[np.float32]) -> NDArray[np.float64]:
        """One text's margin for every entry: near 1 and above says yes, near -1 and below no."""
        first = self.start[features]
        counts = self.start[features + 1] - first
        ends = np.cumsum(counts)
        where = np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)
        products = self.weight[where] * np.repeat(values, counts)
        sums = np.bincount(self.entry[where], products, minlength=len(self.bias))
        return np.asarray(sums + self.bias, np.float64)


def train(
    rows: Rows,
    n_features: int,
    *,
    cost: float,
    positive: float,
    epochs: int,
) -> Model:
    """Learn from `rows` which entry each belongs to.

    `cost` is the price of a mistake against that of large weights; `positive` says how many times dearer
    it is to miss an utterance of the entry than to accept one of another.
    """
    entry_of, start = rows.entry_of, rows.start.tolist()
    n_entries = int(entry_of.max()) + 1
    if n_features * n_entries > MAX_CELLS or n_entries == 1:
        return _means(rows, n_features, n_entries)
    weights = np.zeros((n_features, n_entries), np.float32)
    bias = np.zeros(n_entries, np.float32)
    duals = np.zeros((len(entry_of), n_entries), np.float32)
    targets = np.where(np.arange(n_entries) == entry_of[:, None], 1, -1).astype(np.float32)
    slacks = (np.where(targets > 0, 1 / positive, 1) / (2 * cost)).astype(np.float32)
    vectors = [(rows.features[a:b], rows.values[a:b]) for a, b in pairwise(start)]
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
    first = np.searchsorted(feature, np.arange(n_features + 1))
    return _model(first, entry, weights[feature, entry], bias)


def _means(rows: Rows, n_features: int, n_entries: int) -> Model:
    """Means scaled so that an entry's own utterances have, on average, margin 1, and strangers -1."""
    utterances = np.bincount(rows.entry_of, minlength=n_entries)
    ends = np.append(0, np.cumsum(utterances))
    parts: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float16]]] = []
    first = 0
    while first < n_entries:  # some entries at a time, so that memory holds little that is left out again
        last = max(first + 1, int(np.searchsorted(ends, ends[first] + BATCH, side="right")) - 1)
        a, b = rows.start[[ends[first], ends[last]]]
        owner = np.repeat(np.arange(first, last), np.diff(rows.start[ends[first : last + 1]]))
        keys, cell = np.unique(rows.features[a:b] * np.int64(n_entries) + owner, return_inverse=True)
        entry = (keys % n_entries).astype(np.int32)
        mean = np.bincount(cell, rows.values[a:b], minlength=len(keys)) / utterances[entry]
        weight = 2 * mean / np.bincount(entry, mean**2, minlength=n_entries)[entry]
        matters = weight >= SLIGHT
        feature = (keys // n_entries).astype(np.int32)
        parts.append((feature[matters], entry[matters], weight[matters].astype(np.float16)))
        first = last
    feature, entry, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
    by_feature = np.argsort(feature, kind="stable")
    start = np.append(0, np.cumsum(np.bincount(feature, minlength=n_features)))
    return _model(start, entry[by_feature], weights[by_feature], np.full(n_entries, -1, np.float32))


def _model(
    start: NDArray[np.intp],
    entry: NDArray[np.integer],
    weight: NDArray[np.floating],
    bias: NDArray[np.float32],
) -> Model:
    """In the smallest types that hold it."""
    smallest = np.min_scalar_type(len(bias))
    return Model(start.astype(np.int32), entry.astype(smallest), weight.astype(np.float16), bias)
