"""`Speller`: what a word that no utterance uses may have been meant to be.

A misspelt word is read as a noisy channel (Kernighan, Church and Gale, "A spelling correction program based
on a noisy channel model", COLING 1990): of the known words that few slips turn into it, the likeliest, given
how often utterances use it and how often between just these neighbours. Where none is likely enough, the word
is left as it is: it may well be a word that nobody foresaw.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from bot.tuned import SPELLING, Spelling
from bot.vocabulary import NOTHING, Vocabulary

SHORTEST = 3
"""Shorter words are not looked up: anything is near them."""

SHORT = 4
"""Below this length a slip makes another word all too easily: only the neighbours can tell."""

LONG = 6
"""From this length on two slips are considered, below it one."""

LINKS = ("", "s", "n", "en", "es")
"""What may join the parts of a compound."""

MIN_PART = 4
"""Shortest part of a compound."""

MIN_WORD = 2
"""Shortest of two words that were run together."""

UMLAUT_DIGRAPHS = re.compile(r"([aou])e")
VOWELS = str.maketrans("", "", "aeiou")


class Speller:
    """Mends words by the words of a vocabulary; it has them all as strings, which takes time and memory."""

    def __init__(self, vocabulary: Vocabulary, spelling: Spelling = SPELLING) -> None:
        self.spelling = spelling
        self._vocabulary = vocabulary
        self._ids = {word: i for i, word in enumerate(vocabulary.words)}
        self._by_edges: Mapping[tuple[int, str], list[str]] = defaultdict(list)
        for word in self._ids:
            if not word.isdigit():
                for edge in _edges(word):
                    self._by_edges[len(word), edge].append(word)
        self._near = lru_cache(maxsize=8192)(self._look_near)

    @cached_property
    def _by_skeleton(self) -> Mapping[str, str]:
        """What is left of a word without vowels -> the most used such word."""
        return {word.translate(VOWELS): word for word in self._ids if not word.isdigit()}

    def resolve(self, word: str, before: str = NOTHING, after: str = NOTHING) -> tuple[str, ...]:
        """The known words that an unknown `word` between two others stands for; none where that is a guess.

        Tries in this order: the word with `ae`, `oe`, `ue` read as umlauts; two words that are used side by
        side; the parts of a compound; a word some slips away (a letter missing, added, changed, or two
        swapped); a word with the same consonants.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ()
        plain = UMLAUT_DIGRAPHS.sub(r"\1", word)
        if plain in self._ids:
            return (plain,)
        whole, near = self._near(word)
        return whole or self._likeliest_of(near, word, before, after) or self._same_consonants(word)

    def _look_near(self, word: str) -> tuple[tuple[str, ...], Mapping[str, float]]:
        """The parts an unknown word is made of, or known words and how far away each is."""
        parts = self._run_together(word) or self._compound(word)
        return (parts, {}) if parts else ((), self._slips(word))

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
        vocabulary = self._vocabulary
        ids = np.array([self._ids[known] for known in near], np.int64)
        beside = np.full_like(ids, vocabulary.place(before)), np.full_like(ids, vocabulary.place(after))
        both = vocabulary.together(np.append(beside[0], ids), np.append(ids, beside[1])).reshape(2, -1)
        for (known, distance), together, count in zip(
            near.items(), both.sum(axis=0).tolist(), vocabulary.counts[ids].tolist(), strict=True
        ):
            if len(word) < SHORT and not together and sorted(known) != sorted(word):
                continue
            score = (
                math.log1p(together * vocabulary.scale)
                + weight.usual * math.log1p(count * vocabulary.scale)
                - weight.slip * distance / len(word)
            )
            if score > best:
                best, found = score, known
        return (found,) if found else ()

    def _run_together(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (word[:i], word[i:])
            for i in range(MIN_WORD, len(word) - MIN_WORD + 1)
            if word[:i] in self._ids and word[i:] in self._ids and self._side_by_side(word[:i], word[i:])
        )

    def _side_by_side(self, before: str, after: str) -> bool:
        return bool(self._vocabulary.together(np.array([self._ids[before]]), np.array([self._ids[after]]))[0])

    def _compound(self, word: str) -> tuple[str, ...]:
        return self._likeliest(
            (head, word[i:])
            for i in range(MIN_PART, len(word) - MIN_PART + 1)
            if word[i:] in self._ids
            for link in LINKS
            if word[:i].endswith(link)
            and len(head := word[: i - len(link)]) >= MIN_PART
            and head in self._ids
        )

    def _likeliest(self, splits: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        counts = self._vocabulary.counts
        return max(splits, key=lambda parts: min(int(counts[self._ids[part]]) for part in parts), default=())

    def _same_consonants(self, word: str) -> tuple[str, ...]:
        """People who type in a hurry leave out vowels: all of them, or it is another word."""
        match = self._by_skeleton.get(word) if word == word.translate(VOWELS) else None
        return (match,) if match else ()


def _edges(word: str) -> tuple[str, str]:
    """A word's first and last letter, told apart."""
    return f"{word[0]}-", f"-{word[-1]}"
