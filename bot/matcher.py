"""`Matcher`: which entry does a text ask for? Built from nothing but (entry id, utterance) pairs.

A text becomes weighted features in two blocks (`bot.features`), words with their neighbours and letter
n-grams, each scaled to length one. What no utterance ever held counts towards that length too, so a
question about something else explains little of itself. Every entry is a classifier of its own, "this
entry or anything else" (`bot.training`), so a score is absolute: it says how well the text fits the entry,
not that it fits better than others do. Misspelt words are looked up in the vocabulary first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.features import LISTED, STRANGER, gram_block, word_block
from bot.lessons import Lessons, Links, Span
from bot.lookups import Lookups
from bot.spelling import Speller
from bot.table import NO_KEYS, STRANGE, Keys, Table, keys_of
from bot.text import Analyzer, words
from bot.texts import Texts, sequence_key
from bot.training import Model, Rows, train
from bot.tuned import LEARNING, Learning
from bot.vocabulary import NOTHING, Vocabulary

MAX_WORDS = 64
"""Only so many words of a text are looked at; whoever has more to say is heard clause by clause."""

TINY = 1e-9
"""Keeps a text without features from being divided by nothing."""

MAX_CANDIDATES = 100
"""Only so many of the best are told apart."""


SPAN = 512
"""So many utterances are made features at a time, to save memory."""


class Candidate(NamedTuple):
    """An entry that a text may ask for, and how well it fits, 0..1."""

    id: str
    score: float


class Matcher:
    """An index of utterances that finds the entry a text asks for.

    `pairs` are (entry id, utterance); `analyzer` is the language pack, by default none; `learning` is how it
    learns. Building is deterministic and does not depend on the order of the pairs.
    """

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]],
        *,
        analyzer: Analyzer | None = None,
        learning: Learning = LEARNING,
    ) -> None:
        analyzer = analyzer or Analyzer()
        self._learning = learning
        ordered = sorted(set(pairs))
        self.ids = tuple(sorted({entry for entry, _ in ordered}))
        number = {entry: i for i, entry in enumerate(self.ids)}
        entry_of = np.array([number[entry] for entry, _ in ordered], np.int32)
        self._vocabulary = Vocabulary(chain(_written(ordered), ([word] for word in analyzer.known)))
        self._speller = Speller(self._vocabulary)
        known = self._vocabulary.words
        place = {word: i for i, word in enumerate(known)}
        written = Texts.of(_written(ordered), place)
        texts = Texts.of(map(analyzer.telling, written.spelt(known)), place)
        self._lookups = Lookups(analyzer.lookups, self._vocabulary)
        self._list_keys = keys_of(LISTED + name for name in self._lookups.lists)
        # Names in lists are many, and from now on found by their digests.
        self.analyzer = replace(analyzer, lookups={})
        self._exact, self._exact_entry = _unambiguous(written, texts, entry_of)
        self._common = np.bincount(texts.said, minlength=len(known)) >= learning.common
        self._stems = keys_of(map(analyzer.stem, known))
        self._n_texts = len(texts)
        self._holders = written.holders(len(known)).astype(np.int32)
        spans = _spans(entry_of)
        blocks = (
            Lessons.of_words([(self._stems[texts.said], texts.start), self._all_roles(texts, known)], spans),
            Lessons.of_grams(known, texts, spans),
        )
        self._index = [block.table for block in blocks]
        self._counts = [block.counts for block in blocks]
        self._model: Model | None = None
        if not ordered:
            return
        self._model = train(
            lambda: (self._vectors(blocks, i, entry_of[a:b]) for i, (a, b) in enumerate(spans)),
            sum(map(len, self._index)),
            len(self.ids),
            cost=learning.cost,
            positive=learning.positive,
            epochs=learning.epochs,
        )

    def _all_roles(self, texts: Texts, known: list[str]) -> Links:
        """What `_roles` makes of each text."""
        if not self._lookups.lists:
            return np.where(self._common[texts.said], self._stems[texts.said], STRANGER), texts.start
        roles = [
            self._roles(found, texts.said[a:b], self._stems[texts.said[a:b]])
            for found, (a, b) in zip(texts.spelt(known), pairwise(texts.start.tolist()), strict=True)
        ]
        return np.concatenate([NO_KEYS, *roles]), np.append(
            0, np.cumsum([len(each) for each in roles], dtype=np.int64)
        )

    def _vectors(self, blocks: tuple[Lessons, ...], span: int, entry_of: NDArray[np.int32]) -> Rows:
        """What `_vector` makes of each utterance of a span."""
        columns: list[NDArray[np.int32]] = []
        values: list[NDArray[np.float32]] = []
        texts: list[NDArray[np.int32]] = []
        before = 0
        for block, weight in zip(blocks, self._weights, strict=True):
            held, lengths = block.held[span]
            text = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
            rarities = self._rarity(block.counts[held])
            norms = np.sqrt(np.bincount(text, rarities**2, minlength=len(lengths)))
            scale = weight / np.maximum(norms, TINY)
            values.append((rarities * scale[text]).astype(np.float32))
            columns.append(held.astype(np.int32) + np.int32(before))
            texts.append(text)
            before += len(block.table)
        order = np.argsort(np.concatenate(texts), kind="stable")
        start = np.append(0, np.cumsum(sum(block.held[span][1] for block in blocks)))
        return Rows(np.concatenate(columns)[order], np.concatenate(values)[order], start, entry_of)

    def match(self, text: str) -> list[Candidate]:
        """The entries that `text` may ask for, best first, one candidate per entry.

        Of very many entries only the best `MAX_CANDIDATES` are named.
        """
        written = words(text)[:MAX_WORDS]
        found = self.analyzer.telling(self._mended(written))
        if self._model is None or not found:
            return []
        numbers = [*map(self._vocabulary.number, found)]
        margins = self._model.margins(*self._vector(found, numbers))
        exact = self._exactly([*map(self._vocabulary.number, written)]) or self._exactly(numbers)
        if exact:
            margins[exact[0]] = max(margins.max(), 1.0)
        best = np.arange(len(margins))
        if len(best) > MAX_CANDIDATES:
            best = np.sort(np.argpartition(-margins, MAX_CANDIDATES)[:MAX_CANDIDATES])
        best = best[np.argsort(-margins[best], kind="stable")]
        scores = np.clip((margins[best] + 1) / 2, 0, 1)
        ids = map(self.ids.__getitem__, best.tolist())
        return [*map(partial(tuple.__new__, Candidate), zip(ids, scores.tolist(), strict=True))]

    def familiarity(self, text: str) -> float:
        """How usual the words of `text` and their letters are among the utterances, 0 (strange) to 1.

        Comparing it between the matchers of two languages tells which of them a text is written in: each
        half is a mean log-likelihood, scaled.
        """
        found = words(text)[:MAX_WORDS]
        if not found:
            return 0.0
        grams = self._usual(self._counts[1], self._index[1].rows(gram_block(found)))
        whole = self._usual(self._holders, np.array([*map(self._vocabulary.number, found)]))
        lengths = np.sqrt([len(word) for word in found])
        return float(grams.mean() + (lengths @ whole) / lengths.sum()) / 2

    def _usual(self, counts: NDArray[np.int32], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How usual what stands in each of `rows` is; 0 where there is no row."""
        if not len(counts):
            return np.zeros(len(rows))
        return np.where(rows < 0, 0.0, 1 - self._rarity(counts[rows]) / self._rarest)

    @property
    def _rarest(self) -> float:
        """The rarity of what no utterance holds."""
        return math.log(self._n_texts + 1) + 1

    def _rarity(self, counts: NDArray[np.int32]) -> NDArray[np.float64]:
        """How rare what so many of the utterances hold is among them."""
        return np.asarray(np.log((self._n_texts + 1) / (counts + 1)) + 1)

    def _exactly(self, numbers: list[int]) -> tuple[int, ...]:
        """The entry that these very words belong to, if there is just one."""
        if not numbers or STRANGE in numbers:
            return ()
        row = self._exact.row(sequence_key(numbers))
        return () if row < 0 else (int(self._exact_entry[row]),)

    def spelt(self, text: str) -> list[str]:
        """The words of `text` as they are compared: mended, synonyms replaced, and filler left out."""
        return self.analyzer.telling(self.mended(text))

    def mended(self, text: str) -> list[str]:
        """The words of `text`, folded and spelt as utterances spell them.

        Compounds that no utterance holds are cut in two, words that were split are joined.
        """
        return self._mended(words(text)[:MAX_WORDS])

    def _mended(self, written: list[str]) -> list[str]:
        vocabulary = self._vocabulary
        spelt: list[str] = []
        for word, after in pairwise((*written, NOTHING)):
            before = spelt[-1] if spelt else NOTHING
            known = word in vocabulary
            if before and not (known and before in vocabulary) and before + word in vocabulary:
                spelt[-1] += word
            elif known:
                spelt.append(word)
            else:
                spelt.extend(self._speller.resolve(word, before, after) or (word,))
        return spelt

    def _roles(self, found: list[str], numbers: NDArray[np.int32], stems: Keys) -> Keys:
        """The words of a text, or what they stand for: a lookup list or, if they are rare, any word."""
        common = self._common[numbers] & (numbers != STRANGE)
        roles = np.where(common, stems, STRANGER)
        for first, end, name in reversed(self._lookups.find(found, numbers)):
            roles = np.concatenate([roles[:first], self._list_keys[name : name + 1], roles[end:]])
        return roles

    def _stem(self, word: str, number: int) -> np.uint64:
        """The key of a word's stem; most questions need no stemmer, which takes long to import."""
        key: np.uint64 = keys_of([self.analyzer.stem(word)])[0] if number == STRANGE else self._stems[number]
        return key

    @property
    def _weights(self) -> tuple[float, float]:
        """How much each block of features counts."""
        return 1.0, self._learning.grams

    def _vector(self, found: list[str], numbers: list[int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The features of a text that utterances hold, and their values."""
        stems = np.array([*map(self._stem, found, numbers)], np.uint64)
        blocks = word_block(stems, self._roles(found, np.array(numbers, np.int32), stems)), gram_block(found)
        columns: list[NDArray[np.intp]] = []
        values: list[NDArray[np.float64]] = []
        before = 0
        for block, index, counts, weight in zip(
            blocks, self._index, self._counts, self._weights, strict=True
        ):
            rows = index.rows(block)
            known = rows[rows >= 0]
            value = self._rarity(counts[known])
            unknown = (len(rows) - len(known)) * self._rarest**2
            norm = math.sqrt(float(value @ value) + self._learning.unknown * unknown)
            columns.append(known + before)
            values.append(value * (weight / norm) if norm else value)
            before += len(index)
        return np.concatenate(columns).astype(np.int32), np.concatenate(values).astype(np.float32)


def _written(ordered: list[tuple[str, str]]) -> Iterator[list[str]]:
    """The words of each utterance, as they are looked at."""
    return (words(utterance)[:MAX_WORDS] for _, utterance in ordered)


def _spans(entry_of: NDArray[np.int32]) -> list[Span]:
    """Where to cut the utterances, sorted by entry, into spans of about `SPAN`, each of whole entries."""
    ends = np.append(np.flatnonzero(np.diff(entry_of)) + 1, len(entry_of))
    cuts = [0, *ends[:-1][np.diff(ends // SPAN) > 0].tolist(), len(entry_of)]
    return [(first, last) for first, last in pairwise(cuts) if first < last]


def _unambiguous(
    written: Texts, texts: Texts, entry_of: NDArray[np.int32]
) -> tuple[Table, NDArray[np.int32]]:
    """Word sequences that stand under one entry only, as written or as compared, and those entries.

    What is written so under one entry belongs to it, whatever it is reduced to under others.
    """
    found: list[tuple[Keys, NDArray[np.int32]]] = []
    for sequences in (written, texts):
        once, first, row = np.unique(sequences.keys(), return_index=True, return_inverse=True)
        least, most = entry_of[first].copy(), entry_of[first].copy()
        np.minimum.at(least, row, entry_of)
        np.maximum.at(most, row, entry_of)
        found.append((once[least == most], least[least == most]))
    keys, first = np.unique(np.concatenate([keys for keys, _ in found]), return_index=True)
    return Table(keys), np.concatenate([entries for _, entries in found])[first]
