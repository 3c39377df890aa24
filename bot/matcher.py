"""`Matcher`: which entry does a text ask for? Built from nothing but (entry id, utterance) pairs.

A text becomes weighted features in two blocks (`bot.features`), words with their neighbours and letter
n-grams, each scaled to length one. What no utterance ever held counts towards that length too, so a
question about something else explains little of itself. Every entry is a classifier of its own, "this
entry or anything else" (`bot.training`), so a score is absolute: it says how well the text fits the entry,
not that it fits better than others do. Misspelt words are looked up in the vocabulary first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.exact import Exact
from bot.features import LISTED, STRANGER, Links, gram_block, once, word_block
from bot.lookups import Lookups
from bot.model import Model, Rows
from bot.spelling import Speller
from bot.table import STRANGE, Keys, distinct, keys_of
from bot.text import Analyzer, words
from bot.tuned import LEARNING, Learning
from bot.vocabulary import Vocabulary

if TYPE_CHECKING:
    from bot.lessons import Lessons

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
        # Here, because answering needs none of it.
        from bot.lessons import Lessons, spans_of
        from bot.texts import Texts
        from bot.training import train

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
        self._exact = Exact((written, texts), entry_of)
        # One more than there are words: the last one is for `STRANGE`.
        self._common = np.bincount(texts.said, minlength=len(known) + 1) >= learning.common
        self._stems = keys_of(map(analyzer.stem, known))
        self._n_texts = len(texts)
        self._holders = written.holders(len(known)).astype(np.int32)
        del written  # What is learnt takes memory enough.
        spans = spans_of(entry_of)
        blocks = (
            Lessons.of_words(self._versions(self._stems[texts.said], texts.said, texts.start), spans),
            Lessons.of_grams(known, texts, spans),
        )
        self._index = [block.table for block in blocks]
        self._counts = np.concatenate([block.counts for block in blocks])
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

    def _vectors(self, blocks: tuple[Lessons, ...], span: int, entry_of: NDArray[np.int32]) -> Rows:
        """The utterances of a span as vectors."""
        n_texts = len(entry_of)
        rows, holder = [], []
        for i, block in enumerate(blocks):
            held, lengths = block.held[span]
            rows.append(held.astype(np.int64) + i * len(blocks[0].table))
            holder.append(np.repeat(np.arange(n_texts) + i * n_texts, lengths))
        features, values, text = self._weighed(np.concatenate(rows), np.concatenate(holder), n_texts)
        order = np.argsort(text, kind="stable")
        start = np.append(0, np.cumsum(np.bincount(text, minlength=n_texts)))
        return Rows(features[order], values[order], start, entry_of)

    def match(self, text: str) -> list[Candidate]:
        """The entries that `text` may ask for, best first, one candidate per entry.

        Of very many entries only the best `MAX_CANDIDATES` are named.
        """
        return self.match_all([text])[0]

    def match_all(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """What `match` finds for each of some texts, in much less time."""
        mended = [self.mended(text) for text in texts]
        found = [*map(self.analyzer.telling, mended)]
        if self._model is None or not any(found):
            return [[] for _ in texts]
        margins = self._margins(self._model, found)
        for row, *versions in zip(margins, mended, found, strict=True):
            numbers = ([*map(self._vocabulary.number, version)] for version in versions)
            exact = next((entry for each in numbers if (entry := self._exact.entry(each)) is not None), None)
            if exact is not None:
                row[exact] = max(row.max(), 1.0)
        best = _best(margins)
        scores = np.clip((margins[np.arange(len(best))[:, None], best] + 1) / 2, 0, 1)
        candidates = partial(tuple.__new__, Candidate)  # quicker than by name, and they are many
        return [
            [*map(candidates, zip(map(self.ids.__getitem__, places), row, strict=True))] if each else []
            for each, places, row in zip(found, best.tolist(), scores.tolist(), strict=True)
        ]

    def _margins(self, model: Model, found: list[list[str]]) -> NDArray[np.float64]:
        """Each text's margin for every entry."""
        start = np.array([0, *accumulate(map(len, found))])
        flat = [*chain.from_iterable(found)]
        numbers = np.array([*map(self._vocabulary.number, flat)], np.int32)
        stems = np.array([*map(self._stem, flat, numbers.tolist())], np.uint64)
        text = np.repeat(np.arange(len(found)), np.diff(start))
        word_keys, word_holder = word_block(self._versions(stems, numbers, start))
        gram_keys, gram_holder = gram_block(flat, text)
        keys, holder = once(
            np.concatenate([word_keys, gram_keys]), np.concatenate([word_holder, gram_holder + len(found)])
        )
        cut = int(holder.searchsorted(len(found)))
        words, grams = self._index[0].rows(keys[:cut]), self._index[1].rows(keys[cut:])
        rows = np.concatenate([words, np.where(grams < 0, STRANGE, grams + len(self._index[0]))])
        return model.margins(*self._weighed(rows, holder, len(found)), len(found))

    def _weighed(
        self, rows: NDArray[np.int64], holder: NDArray[np.int64], n_texts: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """Texts as vectors: the features that they hold, their values, and their texts.

        `rows` are the features (`STRANGE` where no utterance has it), `holder` their texts; those of letter
        n-grams go on from `n_texts`. Of each text, both blocks are scaled to length one, then weighed.
        """
        strange = np.bincount(holder[rows < 0], minlength=2 * n_texts)
        known = rows >= 0
        rows, holder = rows[known], holder[known]
        rarities = self._rarity(self._counts[rows])
        squares = np.bincount(holder, rarities**2, minlength=2 * n_texts)
        norms = np.sqrt(squares + self._learning.unknown * self._rarest**2 * strange)
        scale = np.repeat((1.0, self._learning.grams), n_texts) / np.maximum(norms, TINY)
        return rows.astype(np.int32), (rarities * scale[holder]).astype(np.float32), holder % n_texts

    def familiarity(self, text: str) -> float:
        """How usual the words of `text` and their letters are among the utterances, 0 (strange) to 1.

        Comparing it between the matchers of two languages tells which of them a text is written in: each
        half is a mean log-likelihood, scaled.
        """
        found = words(text)[:MAX_WORDS]
        if not found:
            return 0.0
        letters, _ = gram_block(found, np.zeros(len(found), np.int64))
        grams = self._usual(self._counts[len(self._index[0]) :], self._index[1].rows(distinct(letters)))
        whole = self._usual(self._holders, np.array([*map(self._vocabulary.number, found)]))
        lengths = np.sqrt([len(word) for word in found])
        return float(grams.mean() + (lengths @ whole) / lengths.sum()) / 2

    def _usual(self, counts: NDArray[np.int32], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How usual what stands in each of `rows` is; 0 where there is no row."""
        usual, known = np.zeros(len(rows)), rows >= 0
        usual[known] = 1 - self._rarity(counts[rows[known]]) / self._rarest
        return usual

    @property
    def _rarest(self) -> float:
        """The rarity of what no utterance holds."""
        return math.log(self._n_texts + 1) + 1

    def _rarity(self, counts: NDArray[np.int32]) -> NDArray[np.float64]:
        """How rare what so many of the utterances hold is among them."""
        return np.asarray(np.log((self._n_texts + 1) / (counts + 1)) + 1)

    def spelt(self, text: str) -> list[str]:
        """The words of `text` as they are compared: mended, synonyms replaced, and filler left out."""
        return self.analyzer.telling(self.mended(text))

    def mended(self, text: str) -> tuple[str, ...]:
        """The words of `text`, folded and spelt as utterances spell them.

        Compounds that no utterance holds are cut in two, words that were split are joined.
        """
        return self._speller.mend(tuple(words(text)[:MAX_WORDS]))

    def _versions(
        self, stems: Keys, numbers: NDArray[np.int32], start: NDArray[np.int64]
    ) -> tuple[Links, Links]:
        """Texts as stems, and as what their words stand for: a lookup list or, if they are rare, any word."""
        roles, starts = np.where(self._common[numbers], stems, STRANGER), start
        if self._lookups.lists:
            kept = np.ones(len(roles), np.bool_)
            for first, end, name in self._lookups.find(numbers, start).tolist():
                roles[first] = self._list_keys[name]
                kept[first + 1 : end] = False
            roles, starts = roles[kept], np.append(0, np.cumsum(kept))[start]
        return (stems, start), (roles, starts)

    def _stem(self, word: str, number: int) -> np.uint64:
        """The key of a word's stem; most questions need no stemmer, which takes long to import."""
        key: np.uint64 = keys_of([self.analyzer.stem(word)])[0] if number == STRANGE else self._stems[number]
        return key


def _best(margins: NDArray[np.float64]) -> NDArray[np.intp]:
    """The entries with the largest margins of each row, best first, where they are alike in their order."""
    if margins.shape[1] <= MAX_CANDIDATES:
        return np.argsort(-margins, axis=1, kind="stable")
    some = np.sort(np.argpartition(-margins, MAX_CANDIDATES, axis=1)[:, :MAX_CANDIDATES], axis=1)
    return np.take_along_axis(some, _best(np.take_along_axis(margins, some, axis=1)), axis=1)


def _written(ordered: list[tuple[str, str]]) -> Iterator[list[str]]:
    """The words of each utterance, as they are looked at."""
    return (words(utterance)[:MAX_WORDS] for _, utterance in ordered)
