"""`Lessons`: the features of all utterances, made at once, a few thousand utterances at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.features import chains, grams, spread
from bot.table import NO_KEYS, Keys, Table

BATCH = 4096

Links = tuple[Keys, NDArray[np.intp]]
"""Keys of texts laid end to end, and the length of each text."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """One block of features of all utterances.

    `table` has the features, `counts` how many utterances hold each, and utterance u holds the features in
    the rows `held[start[u]:start[u + 1]]` of the table, in order, each once.
    """

    table: Table
    counts: NDArray[np.int64]
    held: NDArray[np.int32]
    start: NDArray[np.intp]

    @classmethod
    def of_words(cls, *versions: Links) -> Lessons:
        """From the stems of all texts, and from their roles (see `word_block`)."""
        parts = [chains(*version) for version in versions]
        table = Table(np.unique(np.concatenate([keys for keys, _ in parts])))
        n_texts = len(versions[0][1])
        cells = [table.rows(keys) + text * max(1, len(table)) for keys, text in parts]
        return cls._of(table, n_texts, iter([np.unique(np.concatenate(cells))]))

    @classmethod
    def of_grams(cls, words: list[str], said: NDArray[np.int64], lengths: NDArray[np.intp]) -> Lessons:
        """From all distinct `words`, their numbers in all texts laid end to end, and the texts' lengths."""
        letters = [grams(word) for word in words]
        keys = np.concatenate([NO_KEYS, *letters])
        used = np.zeros(len(words), np.bool_)
        used[said] = True
        table = Table(np.unique(keys[np.repeat(used, [len(each) for each in letters])]))
        rows = table.rows(keys).astype(np.int32)
        start = np.append(0, np.cumsum([len(each) for each in letters])).astype(np.intp)
        text_ends = np.append(0, np.cumsum(lengths))

        def batches() -> Iterator[NDArray[np.int64]]:
            for first in range(0, len(lengths), BATCH):
                last = min(first + BATCH, len(lengths))
                found, counts = spread(start, rows, said[text_ends[first] : text_ends[last]])
                text = np.repeat(np.repeat(np.arange(first, last), lengths[first:last]), counts)
                yield np.unique(found + text * max(1, len(table)))

        return cls._of(table, len(lengths), batches())

    @classmethod
    def _of(cls, table: Table, n_texts: int, batches: Iterator[NDArray[np.int64]]) -> Lessons:
        """From numbers that tell text and row, sorted."""
        width = max(1, len(table))
        held, lengths = [np.empty(0, np.int32)], np.zeros(n_texts, np.intp)
        for cells in batches:
            held.append((cells % width).astype(np.int32))
            lengths += np.bincount(cells // width, minlength=n_texts)
        rows = np.concatenate(held)
        counts = np.bincount(rows, minlength=len(table))
        return cls(table, counts, rows, np.append(0, np.cumsum(lengths)))
