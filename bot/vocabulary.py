"""The words that utterances use, and what a word that none of them uses may have been meant to be.

A misspelt word is read as a noisy channel (Kernighan, Church and Gale, "A spelling correction program based
on a noisy channel model", COLING 1990): of the known words that few slips turn into it, the likeliest, given
how often utterances use it and how often between just these neighbours. Where none is likely enough, the word
is left as it is: it may well be a word that nobody foresaw.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from bot.tuned import SPELLING, Spelling

SHORTEST = 3
"""Shorter words are not looked up: anything is near them."""

SHORT = 4
"""Below this length a slip makes another word all too easily: only the neighbours can tell."""

LONG = 6
"""From this length on two slips are considered, below it one."""

AS_IF = 100_000
"""Counts are scaled to utterances of so many words, so that the same figures serve small and large sets."""

NOTHING = ""
"""The neighbour of the first and the last word."""

LINKS = ("", "s", "n", "en", "es")
"""What may join the parts of a compound."""

MIN_PART = 4
"""Shortest part of a compound."""

MIN_WORD = 2
"""Shortest of two words that were run together."""

NOTHING_ID = -1

Ids = NDArray[np.int64]

UMLAUT_DIGRAPHS = re.compile(r"([aou])e")
VOWELS = str.maketrans("", "", "aeiou")


class Vocabulary:
    """Known words and how often each is used; finds those that an unknown word stands for."""

    def __init__(self, texts: Iterable[Sequence[str]], spelling: Spelling = SPELLING) -> None:
        self.spelling = spelling
        texts = list(texts)
        counts = Counter(chain.from_iterable(texts))
        words = sorted(counts, key=lambda word: (counts[word], word))
        self._words = "\n".join(words)
        self.counts = np.array([counts[word] for word in words], np.int32)
        self._scale = AS_IF / max(1, counts.total())
        self._nothing = len(words)
        said = np.fromiter(
            chain([NOTHING_ID], *([*map(self.ids.__getitem__, text), NOTHING_ID] for text in texts)), np.int64
        )
        said[said == NOTHING_ID] = self._nothing
        self._pairs, self._together = np.unique(self._pair(said[:-1], said[1:]), return_counts=True)
        self._together = self._together.astype(np.int32)

    def __getstate__(self) -> dict[str, object]:
        lazily = ("ids", "_near", "_by_edges", "_by_skeleton")
        return {name: value for name, value in self.__dict__.items() if name not in lazily}

    def __contains__(self, word: str) -> bool:
        return word in self.ids

    def tally(self, texts: Iterable[Iterable[str]]) -> NDArray[np.int64]:
        """How often `texts`, of known words, hold each of the words."""
        held = np.fromiter((self.ids[word] for text in texts for word in text), np.int64)
        return np.bincount(held, minlength=len(self.counts))

    @cached_property
    def ids(self) -> dict[str, int]:
        """Known word -> its place in `counts`; made from one string, which is quicker to load."""
        return {word: i for i, word in enumerate(self._words.split("\n"))} if self._words else {}

    @cached_property
    def _by_edges(self) -> Mapping[tuple[int, str], list[str]]:
        found: dict[tuple[int, str], list[str]] = defaultdict(list)
        for word in self.ids:
            if not word.isdigit():
                for edge in _edges(word):
                    found[len(word), edge].append(word)
        return found

    @cached_property
    def _by_skeleton(self) -> Mapping[str, str]:
        """What is left of a word without vowels -> the most used such word."""
        return {word.translate(VOWELS): word for word in self.ids if not word.isdigit()}

    def _pair(self, before: Ids | np.int64, after: Ids | np.int64) -> Ids:
        return np.asarray(before * (self._nothing + 2) + after)

    def _id(self, word: str) -> int:
        """Of a known word, of `NOTHING`, or of a word that stands beside none."""
        return self._nothing if word == NOTHING else self.ids.get(word, self._nothing + 1)

    def _used_together(self, before: Ids | np.int64, after: Ids | np.int64) -> NDArray[np.int32]:
        """How often each two words stand side by side."""
        wanted = self._pair(before, after)
        at = np.minimum(np.searchsorted(self._pairs, wanted), len(self._pairs) - 1)
        return np.where(self._pairs[at] == wanted, self._together[at], 0)

    def resolve(self, word: str, before: str = NOTHING, after: str = NOTHING) -> tuple[str, ...]:
        """The known words that an unknown `word` between two others stands for; none where that is a guess.

        Tries in this order: the word with `ae`, `oe`, `ue` read as umlauts; two words that are used side by
        side; the parts of a compound; a word some slips away (a letter missing, added, changed, or two
        swapped); a word with the same consonants.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ()
        plain = UMLAUT_DIGRAPHS.sub(r"\1", word)
        if plain in self.ids:
            return (plain,)
        whole, near = self._near(word)
        return whole or self._likeliest_of(near, word, before, after) or self._same_consonants(word)

    @cached_property
    def _near(self) -> Callable[[str], tuple[tuple[str, ...], Mapping[str, float]]]:
        """An unknown word -> the parts it is made of, or known words and how far away each is."""

        def near(word: str) -> tuple[tuple[str, ...], Mapping[str, float]]:
            parts = self._run_together(word) or self._compound(word)
            return (parts, {}) if parts else ((), self._slips(word))

        return lru_cache(maxsize=8192)(near)

    def _slips(self, word: str) -> Mapping[str, float]:
        """The known words from which one or two slips lead to `word`, and how far away each is.

        A letter that is missing or one too many is 1 away, one that was changed or swapped with the next 1.5:
        the mean of two distances. Hardly anybody mistypes both the first and the last letter: words that
        share one are enough.
        """
        most = 1 if len(word) < LONG else 2
        return {
            match: (slips + Indel.distance(word, match)) / 2
            for length in range(len(word) - most, len(word) + most + 1)
            for edge in _edges(word)
            for match, slips, _ in process.extract(
                word,
                self._by_edges.get((length, edge), ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=None,
            )
        }

    def _likeliest_of(self, near: Mapping[str, float], word: str, before: str, after: str) -> tuple[str, ...]:
        weight = self.spelling
        best, found = weight.floor, ""
        if not near:
            return ()
        ids = np.array([self.ids[known] for known in near], np.int64)
        before_id, after_id = np.int64(self._id(before)), np.int64(self._id(after))
        both = self._used_together(before_id, ids) + self._used_together(ids, after_id)
        used = self.counts[ids]
        for (known, distance), together, count in zip(
            near.items(), both.tolist(), used.tolist(), strict=True
        ):
            if len(word) < SHORT and not together and sorted(known) != sorted(word):
                continue
            score = (
                math.log1p(together * self._scale)
                + weight.usual * math.log1p(count * self._scale)
                - weight.slip * distance / len(word)
            )
            if score > best:
                best, found = score, known
        return (found,) if found else ()

    def _run_together(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (word[:i], word[i:])
            for i in range(MIN_WORD, len(word) - MIN_WORD + 1)
            if word[:i] in self.ids and word[i:] in self.ids and self._side_by_side(word[:i], word[i:])
        )

    def _side_by_side(self, before: str, after: str) -> bool:
        ids = np.array([self.ids[before], self.ids[after]], np.int64)
        return bool(self._used_together(ids[:1], ids[1:])[0])

    def _compound(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (head, word[i:])
            for i in range(MIN_PART, len(word) - MIN_PART + 1)
            if word[i:] in self.ids
            for link in LINKS
            if word[:i].endswith(link) and len(head := word[: i - len(link)]) >= MIN_PART and head in self.ids
        )

    def _likeliest(self, splits: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        return max(
            splits, key=lambda parts: min(int(self.counts[self.ids[part]]) for part in parts), default=()
        )

    def _same_consonants(self, word: str) -> tuple[str, ...]:
        """People who type in a hurry leave out vowels: all of them, or it is another word."""
        match = self._by_skeleton.get(word) if word == word.translate(VOWELS) else None
        return (match,) if match else ()


def _edges(word: str) -> tuple[str, str]:
    """A word's first and last letter, told apart."""
    return f"{word[0]}-", f"-{word[-1]}"
