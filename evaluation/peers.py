"""Other ways to match, to compare with: each ranks the same utterances for the same questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from bot.matcher import Matcher
from bot.text import Analyzer

Pairs = Sequence[tuple[str, str]]


class Peer(Protocol):
    """Something that finds the best entry for a text."""

    def best(self, text: str) -> tuple[str, float]:
        """The id of the best entry and its score, on a scale of the peer's own."""


class Ours:
    """The project's matcher, with or without a language pack."""

    def __init__(self, pairs: Pairs, analyzer: Analyzer | None) -> None:
        self._matcher = Matcher(pairs, analyzer=analyzer)

    def best(self, text: str) -> tuple[str, float]:
        """See `Peer`."""
        found = self._matcher.match(text)
        return found[0] if found else ("", 0.0)


class Fuzzy:
    """The nearest utterance by one of rapidfuzz's ratios."""

    def __init__(self, pairs: Pairs, scorer: Callable[..., float]) -> None:
        self._ids = [entry for entry, _ in pairs]
        self._utterances = [utils.default_process(utterance) for _, utterance in pairs]
        self._scorer = scorer

    def best(self, text: str) -> tuple[str, float]:
        """See `Peer`."""
        found = process.extractOne(utils.default_process(text), self._utterances, scorer=self._scorer)
        return (self._ids[found[2]], found[1]) if found else ("", 0.0)


class TfIdf:
    """The nearest utterance by the cosine of letter n-grams, weighted by rarity."""

    def __init__(self, pairs: Pairs) -> None:
        self._ids = [entry for entry, _ in pairs]
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        self._matrix = self._vectorizer.fit_transform([utterance for _, utterance in pairs])

    def best(self, text: str) -> tuple[str, float]:
        """See `Peer`."""
        scores = (self._matrix @ self._vectorizer.transform([text]).T).toarray().ravel()
        return self._ids[int(scores.argmax())], float(scores.max())


class Svm:
    """A linear support vector machine on words and letter n-grams."""

    def __init__(self, pairs: Pairs) -> None:
        self._vectorizer = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        )
        texts = self._vectorizer.fit_transform([utterance for _, utterance in pairs])
        self._machine = LinearSVC().fit(texts, [entry for entry, _ in pairs])

    def best(self, text: str) -> tuple[str, float]:
        """See `Peer`."""
        scores = self._machine.decision_function(self._vectorizer.transform([text]))[0]
        return str(self._machine.classes_[int(np.argmax(scores))]), float(scores.max())


def peers(pairs: Pairs, analyzer: Analyzer) -> Mapping[str, Peer]:
    """All of them by name, ours first, each with `pairs` as its index."""
    return {
        "this matcher": Ours(pairs, analyzer),
        "this matcher, no language pack": Ours(pairs, None),
        "rapidfuzz WRatio": Fuzzy(pairs, fuzz.WRatio),
        "rapidfuzz token_set_ratio": Fuzzy(pairs, fuzz.token_set_ratio),
        "rapidfuzz ratio": Fuzzy(pairs, fuzz.ratio),
        "TF-IDF nearest neighbour": TfIdf(pairs),
        "TF-IDF linear SVM": Svm(pairs),
    }
