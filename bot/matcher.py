"""`Matcher`: which entry does a text ask for? Built from nothing but (entry id, utterance) pairs.

A text becomes weighted features in two blocks (`bot.features`), words with their neighbours and letter
n-grams, each scaled to length one. What no utterance ever held counts towards that length too, so a
question about something else explains little of itself. Every entry is a classifier of its own, "this
entry or anything else" (`bot.training`), so a score is absolute: it says how well the text fits the entry,
not that it fits better than others do. Misspelt words are looked up in the vocabulary first.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.features import LISTED, STRANGER, Block, gram_block, word_block
from bot.text import Analyzer, words
from bot.training import Model, train
from bot.tuned import LEARNING, Learning
from bot.vocabulary import NOTHING, Vocabulary

MAX_WORDS = 64
"""Only so many words of a text are looked at; whoever has more to say is heard clause by clause."""


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
        self._uses = Counter(word for found in texts for word in found)
        self._exact = {
            **_unambiguous(zip(map(tuple, texts), entry_of.tolist(), strict=True)),
            **_unambiguous(zip(map(tuple, written), entry_of.tolist(), strict=True)),
        }
        blocks = [self._blocks(found) for found in texts]
        self._index: list[dict[str, int]] = [{}, {}]
        self._rarity: list[float] = []
        for b in (0, 1):
            rarities = _rarities([pair[b] for pair in blocks])
            self._index[b] = {name: len(self._rarity) + i for i, name in enumerate(rarities)}
            self._rarity += rarities.values()
        self._word_rarity = _rarities([set(found) for found in written])
        self._rarest = math.log(len(texts) + 1) + 1
        self._model: Model | None = None
        if not ordered:
            return
        vectors = [self._vector(pair) for pair in blocks]
        self._model = train(
            vectors,
            entry_of,
            len(self._rarity),
            cost=learning.cost,
            positive=learning.positive,
            epochs=learning.epochs,
        )

    def match(self, text: str) -> list[Candidate]:
        """The entries that `text` may ask for, best first, one candidate per entry."""
        found = self.spelt(text)
        if self._model is None or not found:
            return []
        margins = self._model.margins(*self._vector(self._blocks(found)))
        exact = self._exact.get(tuple(words(text)), self._exact.get(tuple(found)))
        if exact is not None:
            margins[exact] = max(margins.max(), 1.0)
        scores = np.clip((margins + 1) / 2, 0, 1).tolist()
        return [Candidate(self.ids[i], scores[i]) for i in np.argsort(-margins, kind="stable").tolist()]

    def familiarity(self, text: str) -> float:
        """How usual the words of `text` and their letters are among the utterances, 0 (strange) to 1.

        Comparing it between the matchers of two languages tells which of them a text is written in: each
        half is a mean log-likelihood, scaled.
        """
        found = words(text)[:MAX_WORDS]
        if not found:
            return 0.0
        grams = [self._usual(self._gram_rarity(gram)) for gram in gram_block(found)]
        whole = [self._usual(self._word_rarity.get(word)) for word in found]
        lengths = [len(word) ** 0.5 for word in found]
        weighted: float = sum(map(operator.mul, lengths, whole)) / sum(lengths)
        return (sum(grams) / len(grams) + weighted) / 2

    def _gram_rarity(self, gram: str) -> float | None:
        column = self._index[1].get(gram)
        return None if column is None else self._rarity[column]

    def _usual(self, rarity: float | None) -> float:
        return 0.0 if rarity is None else 1 - rarity / self._rarest

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

    def _blocks(self, found: list[str]) -> tuple[Block, Block]:
        stem = self.analyzer.stem
        return word_block([stem(word) for word in found], self._roles(found)), gram_block(found)

    def _roles(self, found: list[str]) -> list[str]:
        """The words of a text, or what they stand for: a lookup list or, if they are rare, any word."""
        return [
            LISTED + name if name else self.analyzer.stem(word) if self._common(word) else STRANGER
            for (word, *_), name in self.analyzer.listed(found)
        ]

    def _common(self, word: str) -> bool:
        return self._uses[word] >= self._learning.common

    def _vector(self, blocks: tuple[Block, Block]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        columns: list[int] = []
        values: list[float] = []
        for block, index, weight in zip(blocks, self._index, (1.0, self._learning.grams), strict=True):
            first, unknown = len(values), 0.0
            for name in block:
                column = index.get(name)
                if column is None:
                    unknown += self._rarest**2
                else:
                    columns.append(column)
                    values.append(self._rarity[column])
            norm = math.sqrt(sum(v * v for v in values[first:]) + self._learning.unknown * unknown)
            if norm:
                scale = weight / norm
                values[first:] = [v * scale for v in values[first:]]
        return np.array(columns, np.int32), np.array(values, np.float32)


def _rarities(texts: Sequence[Iterable[str]]) -> dict[str, float]:
    """Name -> how rare it is among the texts, each of which holds it once at most; in alphabetical order."""
    seen = Counter(name for text in texts for name in text)
    return {name: math.log((len(texts) + 1) / (seen[name] + 1)) + 1 for name in sorted(seen)}


def _unambiguous(pairs: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """Word sequence -> entry, for those that stand under one entry only."""
    owners: dict[tuple[str, ...], int] = {}
    shared: set[tuple[str, ...]] = set()
    for found, entry in pairs:
        if owners.setdefault(found, entry) != entry:
            shared.add(found)
    return {found: entry for found, entry in owners.items() if found and found not in shared}
