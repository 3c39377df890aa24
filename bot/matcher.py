"""`Matcher`: which entry does a text ask for? Built from nothing but (entry id, utterance) pairs.

A text becomes weighted features in two blocks (`bot.features`), words with their neighbours and letter
n-grams, each scaled to length one. What no utterance ever held counts towards that length too, so a
question about something else explains little of itself. Every entry is a classifier of its own, "this
entry or anything else" (`bot.training`), so a score is absolute: it says how well the text fits the entry,
not that it fits better than others do. Misspelt words are looked up in the vocabulary first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.features import LISTED, STRANGER, gram_block, word_block
from bot.lessons import Lessons
from bot.table import NO_KEYS, SEPARATOR, Keys, Table, key_of, keys_of
from bot.text import Analyzer, words
from bot.training import Model, Rows, train
from bot.tuned import LEARNING, Learning
from bot.vocabulary import NOTHING, Vocabulary

MAX_WORDS = 64
"""Only so many words of a text are looked at; whoever has more to say is heard clause by clause."""

TINY = 1e-9
"""Keeps a text without features from being divided by nothing."""

MAX_CANDIDATES = 100
"""Only so many of the best are told apart."""


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
        self.analyzer = analyzer or Analyzer()
        self._learning = learning
        ordered = sorted(set(pairs))
        self.ids = tuple(sorted({entry for entry, _ in ordered}))
        number = {entry: i for i, entry in enumerate(self.ids)}
        entry_of = np.array([number[entry] for entry, _ in ordered], np.int32)
        written = [words(utterance)[:MAX_WORDS] for _, utterance in ordered]
        self._vocabulary = Vocabulary([*written, *([word] for word in self.analyzer.known)])
        texts = [self.analyzer.telling(found) for found in written]
        self._exact, self._exact_entry = _unambiguous(written, texts, entry_of)
        self._common = self._vocabulary.tally(texts) >= learning.common
        lists = sorted(set(self.analyzer.lookups.values()))
        self._list_keys = dict(zip(lists, keys_of(LISTED + name for name in lists), strict=True))
        known = list(self._vocabulary.ids)
        self._stems = keys_of(map(self.analyzer.stem, known))
        self._word_rarity = _rarity(self._vocabulary.tally(map(set, written)), len(texts))
        self._rarest = math.log(len(texts) + 1) + 1
        said = np.fromiter((self._vocabulary.ids[word] for found in texts for word in found), np.int64)
        lengths = np.array([len(found) for found in texts], np.intp)
        roles = [self._roles(found) for found in texts] if self.analyzer.lookups else None
        if roles is None:
            other = np.where(self._common[said], self._stems[said], STRANGER), lengths
        else:
            other = np.concatenate([NO_KEYS, *roles]), np.array([len(each) for each in roles], np.intp)
        lessons = (
            Lessons.of_words((self._stems[said], lengths), other),
            Lessons.of_grams(known, said, lengths),
        )
        self._index = [block.table for block in lessons]
        self._rarities = [_rarity(block.counts, len(texts)) for block in lessons]
        self._model: Model | None = None
        if not ordered:
            return
        self._model = train(
            self._vectors(lessons, entry_of),
            sum(map(len, self._index)),
            cost=learning.cost,
            positive=learning.positive,
            epochs=learning.epochs,
        )

    def _vectors(self, lessons: tuple[Lessons, Lessons], entry_of: NDArray[np.int32]) -> Rows:
        """What `_vector` makes of each utterance."""
        columns: list[NDArray[np.int32]] = []
        values: list[NDArray[np.float32]] = []
        texts: list[NDArray[np.int32]] = []
        before = 0
        for block, rarities, weight in zip(lessons, self._rarities, (1.0, self._learning.grams), strict=True):
            text = np.repeat(np.arange(len(entry_of), dtype=np.int32), np.diff(block.start))
            norms = np.sqrt(np.bincount(text, (rarities**2)[block.held], minlength=len(entry_of)))
            scale = weight / np.maximum(norms, TINY)
            values.append((rarities[block.held] * scale[text]).astype(np.float32))
            columns.append(block.held + np.int32(before))
            texts.append(text)
            before += len(block.table)
        order = np.argsort(np.concatenate(texts), kind="stable")
        start = lessons[0].start + lessons[1].start
        return Rows(np.concatenate(columns)[order], np.concatenate(values)[order], start, entry_of)

    def match(self, text: str) -> list[Candidate]:
        """The entries that `text` may ask for, best first, one candidate per entry.

        Of very many entries only the best `MAX_CANDIDATES` are named.
        """
        found = self.spelt(text)
        if self._model is None or not found:
            return []
        margins = self._model.margins(*self._vector(self._blocks(found)))
        exact = self._exactly(words(text)) or self._exactly(found)
        if exact:
            margins[exact[0]] = max(margins.max(), 1.0)
        best = np.arange(len(margins))
        if len(best) > MAX_CANDIDATES:
            best = np.sort(np.argpartition(-margins, MAX_CANDIDATES)[:MAX_CANDIDATES])
        best = best[np.argsort(-margins[best], kind="stable")]
        scores = np.clip((margins[best] + 1) / 2, 0, 1)
        return [
            Candidate(self.ids[i], score) for i, score in zip(best.tolist(), scores.tolist(), strict=True)
        ]

    def familiarity(self, text: str) -> float:
        """How usual the words of `text` and their letters are among the utterances, 0 (strange) to 1.

        Comparing it between the matchers of two languages tells which of them a text is written in: each
        half is a mean log-likelihood, scaled.
        """
        found = words(text)[:MAX_WORDS]
        if not found:
            return 0.0
        gram_rows = self._index[1].rows(gram_block(found))
        grams = self._usual(self._rarities[1], gram_rows)
        ids = self._vocabulary.ids
        whole = self._usual(self._word_rarity, np.array([ids.get(word, -1) for word in found]))
        lengths = np.sqrt([len(word) for word in found])
        return float(grams.mean() + (lengths @ whole) / lengths.sum()) / 2

    def _usual(self, rarities: NDArray[np.float64], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How usual what stands in each of `rows` is; 0 where there is no row."""
        if not len(rarities):
            return np.zeros(len(rows))
        return np.where(rows < 0, 0.0, 1 - rarities[rows] / self._rarest)

    def _exactly(self, found: list[str]) -> tuple[int, ...]:
        """The entry that these very words belong to, if there is just one."""
        row = self._exact.rows(key_of(found))[0]
        return () if row < 0 else (int(self._exact_entry[row]),)

    def spelt(self, text: str) -> list[str]:
        """The words of `text` as they are compared: mended, synonyms replaced, and filler left out."""
        return self.analyzer.telling(self.mended(text))

    def mended(self, text: str) -> list[str]:
        """The words of `text`, folded and spelt as utterances spell them.

        Compounds that no utterance holds are cut in two, words that were split are joined.
        """
        written = words(text)[:MAX_WORDS]
        vocabulary = self._vocabulary
        spelt: list[str] = []
        for word, after in pairwise((*written, NOTHING)):
            before = spelt[-1] if spelt else NOTHING
            known = word in vocabulary
            if before + word in vocabulary and before and not (known and before in vocabulary):
                spelt[-1] += word
            elif known:
                spelt.append(word)
            else:
                spelt.extend(vocabulary.resolve(word, before, after) or (word,))
        return spelt

    def _blocks(self, found: list[str]) -> tuple[Keys, Keys]:
        stems = [self._stem(word) for word in found]
        return word_block(np.array(stems, np.uint64), self._roles(found)), gram_block(found)

    def _roles(self, found: list[str]) -> Keys:
        """The words of a text, or what they stand for: a lookup list or, if they are rare, any word."""
        roles = [
            self._list_keys[name] if name else self._stem(word) if self._is_common(word) else STRANGER
            for (word, *_), name in self.analyzer.listed(found)
        ]
        return np.array(roles, np.uint64)

    def _is_common(self, word: str) -> bool:
        row = self._vocabulary.ids.get(word)
        return row is not None and bool(self._common[row])

    def _stem(self, word: str) -> np.uint64:
        """The key of a word's stem; most questions need no stemmer, which takes long to import."""
        row = self._vocabulary.ids.get(word)
        key: np.uint64 = keys_of([self.analyzer.stem(word)])[0] if row is None else self._stems[row]
        return key

    def _vector(self, blocks: tuple[Keys, Keys]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        columns: list[NDArray[np.intp]] = []
        values: list[NDArray[np.float64]] = []
        before = 0
        for block, index, rarities, weight in zip(
            blocks, self._index, self._rarities, (1.0, self._learning.grams), strict=True
        ):
            rows = index.rows(block)
            known = rows[rows >= 0]
            value = rarities[known]
            unknown = (len(rows) - len(known)) * self._rarest**2
            norm = math.sqrt(float(value @ value) + self._learning.unknown * unknown)
            columns.append(known + before)
            values.append(value * (weight / norm) if norm else value)
            before += len(index)
        return np.concatenate(columns).astype(np.int32), np.concatenate(values).astype(np.float32)


def _rarity(counts: NDArray[np.integer], texts: int) -> NDArray[np.float64]:
    """How rare what so many of the `texts` hold is among them."""
    return np.asarray(np.log((texts + 1) / (counts + 1)) + 1)


def _unambiguous(
    written: list[list[str]], texts: list[list[str]], entry_of: NDArray[np.int32]
) -> tuple[Table, NDArray[np.int32]]:
    """Word sequences that stand under one entry only, as written or as compared, and those entries.

    What is written so under one entry belongs to it, whatever it is reduced to under others.
    """
    found: list[tuple[Keys, NDArray[np.int32]]] = []
    for sequences in (written, texts):
        keys = keys_of(SEPARATOR.join(words) for words in sequences)
        once, first, row = np.unique(keys, return_index=True, return_inverse=True)
        least, most = entry_of[first].copy(), entry_of[first].copy()
        np.minimum.at(least, row, entry_of)
        np.maximum.at(most, row, entry_of)
        found.append((once[least == most], least[least == most]))
    keys, first = np.unique(np.concatenate([keys for keys, _ in found]), return_index=True)
    return Table(keys), np.concatenate([entries for _, entries in found])[first]
