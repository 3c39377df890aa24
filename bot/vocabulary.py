"""The words that utterances use, and what a word that none of them uses may have been meant to be."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

SHORTEST = 3
"""Shorter words are not looked up: anything is near them."""

LONG = 7
"""From this length on two slips are forgiven, below it one."""

LINKS = ("", "s", "n", "en", "es")
"""What may join the parts of a compound."""

MIN_PART = 4
"""Shortest part of a compound."""

MIN_WORD = 2
"""Shortest of two words that were run together."""

UMLAUT_DIGRAPHS = re.compile(r"([aou])e")
VOWELS = str.maketrans("", "", "aeiou")


class Vocabulary:
    """Known words and how often each is used; finds those that an unknown word stands for."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self._counts: Counter[str] = Counter()
        self._pairs: set[tuple[str, str]] = set()
        for text in texts:
            self._counts.update(text)
            self._pairs.update(pairwise(text))
        self._by_edges: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._by_skeleton: dict[str, str] = {}
        for word in sorted(self._counts, key=lambda word: (self._counts[word], word)):
            if not word.isdigit():
                for edge in _edges(word):
                    self._by_edges[len(word), edge].append(word)
                self._by_skeleton[word.translate(VOWELS)] = word

    @cached_property
    def resolve(self) -> Callable[[str], tuple[str, ...]]:
        """The known words that an unknown word stands for; none where that is anybody's guess."""
        return lru_cache(maxsize=8192)(self._resolve)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "resolve"}

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def _resolve(self, word: str) -> tuple[str, ...]:
        """Tries in this order: the word with `ae`, `oe`, `ue` read as umlauts; two words that are used side
        by side; a word one slip away (a letter missing, added, changed, or two swapped); the parts of a
        compound; a word two slips away; a word with the same consonants.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ()
        plain = UMLAUT_DIGRAPHS.sub(r"\1", word)
        if plain in self._counts:
            return (plain,)
        return (
            self._run_together(word)
            or self._nearest(word, 1)
            or self._compound(word)
            or (self._nearest(word, 2) if len(word) >= LONG else ())
            or self._same_consonants(word)
        )

    def _nearest(self, word: str, slips: int) -> tuple[str, ...]:
        # Hardly anybody mistypes both the first and the last letter: those that share one are enough.
        near = {
            match
            for length in range(len(word) - slips, len(word) + slips + 1)
            for edge in _edges(word)
            for match, _, _ in process.extract(
                word,
                self._by_edges.get((length, edge), ()),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
        }
        if len(word) == SHORTEST:  # one changed letter in three makes another word; two swapped do not
            near = {match for match in near if sorted(match) == sorted(word)}
        if not near:
            return ()
        return (
            max(
                near,
                key=lambda known: (round(JaroWinkler.similarity(word, known), 1), self._counts[known], known),
            ),
        )

    def _run_together(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (word[:i], word[i:])
            for i in range(MIN_WORD, len(word) - MIN_WORD + 1)
            if (word[:i], word[i:]) in self._pairs
        )

    def _compound(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (head, word[i:])
            for i in range(MIN_PART, len(word) - MIN_PART + 1)
            if word[i:] in self._counts
            for link in LINKS
            if word[:i].endswith(link)
            and len(head := word[: i - len(link)]) >= MIN_PART
            and head in self._counts
        )

    def _likeliest(self, splits: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        return max(splits, key=lambda parts: min(self._counts[part] for part in parts), default=())

    def _same_consonants(self, word: str) -> tuple[str, ...]:
        """People who type in a hurry leave out vowels: all of them, or it is another word."""
        match = self._by_skeleton.get(word) if word == word.translate(VOWELS) else None
        return (match,) if match else ()


def _edges(word: str) -> tuple[str, str]:
    """A word's first and last letter, told apart."""
    return f"{word[0]}-", f"-{word[-1]}"
