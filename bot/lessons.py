"""`Lessons`: the features of all utterances, made some thousand utterances at a time to save memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.features import Links, grams, once, spread, word_block
from bot.table import NO_KEYS, Keys, Table, counted, distinct
from bot.texts import Texts

SPAN = 512
"""So many utterances are made features at a time, to save memory."""

Span = tuple[int, int]
"""The first utterance of some, and the one behind the last."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """One block of features of all utterances.

    `table` has the features, `counts` how many utterances hold each. `held` are, for each span of utterances,
    the rows of the table that they hold, each once, in order, and how many each utterance holds.
    """

    table: Table
    counts: NDArray[np.int32]
    held: list[tuple[NDArray[np.unsignedinteger], NDArray[np.int64]]]

    @classmethod
    def of_words(cls, versions: tuple[Links, Links], spans: Sequence[Span]) -> Lessons:
        """From all texts in two versions (see `word_block`).

        A pair of words that one utterance alone holds tells nothing of others, and most pairs are such: left
        out, they save more than half of the room.
        """

        def keys(first: int, last: int) -> tuple[Keys, NDArray[np.int64]]:
            some = [(links, start[first : last + 1]) for links, start in versions]
            stems, roles = [(links[start[0] : start[-1]], start) for links, start in some]
            return word_block((stems, roles))

        def twice_at_most(span: Span) -> Keys:
            """The features that the texts of a span hold, twice those that several of them hold."""
            found, holders = counted(once(*keys(*span))[0])
            return found.repeat(np.minimum(holders, 2))

        def rows(first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            found, text = keys(first, last)
            row = table.rows(found)
            return row[row >= 0], text[row >= 0]

        found, times = counted(np.concatenate([NO_KEYS, *map(twice_at_most, spans)]))
        words = [links for links, _ in versions]
        table = Table(distinct(np.concatenate([*words, found[times > 1]])))
        return cls._of(table, rows, spans)

    @classmethod
    def of_grams(cls, words: Sequence[str], texts: Texts, spans: Sequence[Span]) -> Lessons:
        """From all distinct `words`, and the texts that they stand in."""
        letters = [grams(word) for word in words]
        start = np.append(0, np.cumsum([len(each) for each in letters], dtype=np.int64))
        keys = np.concatenate([NO_KEYS, *letters])
        used = np.bincount(texts.said, minlength=len(words)) > 0
        table = Table(distinct(keys[np.repeat(used, np.diff(start))]))
        row_of = table.rows(keys).astype(np.int32)

        def rows(first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
            bounds = texts.start[first : last + 1]
            found, counts = spread(start, row_of, texts.said[bounds[0] : bounds[-1]])
            return found, np.repeat(np.repeat(np.arange(last - first), np.diff(bounds)), counts)

        return cls._of(table, rows, spans)

    @classmethod
    def _of(
        cls,
        table: Table,
        rows: Callable[[int, int], tuple[NDArray[np.integer], NDArray[np.int64]]],
        spans: Sequence[Span],
    ) -> Lessons:
        """From what tells the rows that a span's texts hold, and the text of each, counted from the first."""
        width = max(1, len(table))
        smallest = np.min_scalar_type(width)
        counts = np.zeros(len(table), np.int32)
        held: list[tuple[NDArray[np.unsignedinteger], NDArray[np.int64]]] = []
        for first, last in spans:
            found, text = rows(first, last)
            text, found = np.divmod(distinct(found + text * width), width)
            held.append((found.astype(smallest), np.bincount(text, minlength=last - first)))
            counts += np.bincount(found, minlength=len(table)).astype(np.int32)
        return cls(table, counts, held)


def spans_of(entry_of: NDArray[np.int32]) -> list[Span]:
    """Where to cut the utterances, sorted by entry, into spans of about `SPAN`, each of whole entries."""
    ends = np.append(np.flatnonzero(np.diff(entry_of)) + 1, len(entry_of))
    cuts = [0, *ends[:-1][np.diff(ends // SPAN) > 0].tolist(), len(entry_of)]
    return [(first, last) for first, last in pairwise(cuts) if first < last]
