"""`Speller`: what a word that no utterance uses may have been meant to be.

A misspelt word is read as a noisy channel (Kernighan, Church and Gale, "A spelling correction program based
on a noisy channel model", COLING 1990): of the known words that few slips turn into it, the likeliest, given
how often utterances use it and how often between just these neighbours. Where none is likely enough, the word
is left as it is: it may well be a word that nobody foresaw.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from bot.table import STRANGE, Numbering
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


class Near(NamedTuple):
    """A known word, its number, and how far it is away from another word."""

    word: str
    number: int
    distance: float


class Speller:
    """Mends words by the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, spelling: Spelling = SPELLING) -> None:
        self.spelling = spelling
        self._vocabulary = vocabulary
        words = {word: i for i, word in enumerate(vocabulary.words) if not word.isdigit()}
        by_length = sorted(words, key=len)
        self._ids = np.array([words[word] for word in by_length], np.int32)
        self._lengths = np.array([len(word) for word in by_length], np.int32)
        self._letters = np.array([_letters(word) for word in by_length], np.uint64)
        self._first = np.array([ord(word[0]) for word in by_length], np.uint32)
        self._last = np.array([ord(word[-1]) for word in by_length], np.uint32)
        # What is left of a word without vowels -> the most used such word.
        skeletons = {word.translate(VOWELS): i for word, i in words.items()}
        self._skeletons = Numbering(skeletons)
        self._by_skeleton = np.array([*skeletons.values()], np.int32)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("mend", "_near")}

    @cached_property
    def mend(self) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """The words of a text, spelt as utterances spell them.

        Words that were split are joined, and compounds that no utterance holds are cut in two. The last texts
        are remembered: while one is answered, it is looked at again and again.
        """

        def mend(written: tuple[str, ...]) -> tuple[str, ...]:
            vocabulary = self._vocabulary
            spelt: list[str] = []
            rest = deque(written)
            while rest:
                word, after = rest.popleft(), rest[0] if rest else NOTHING
                known = word in vocabulary
                if after and not (known and after in vocabulary) and word + after in vocabulary:
                    rest[0] = word + after
                elif known:
                    spelt.append(word)
                else:
                    before = spelt[-1] if spelt else NOTHING
                    spelt.extend(self.resolve(word, before, after) or (word,))
            return tuple(spelt)

        return lru_cache(maxsize=64)(mend)

    def resolve(self, word: str, before: str = NOTHING, after: str = NOTHING) -> tuple[str, ...]:
        """The known words that an unknown `word` between two others stands for; none where that is a guess.

        Tries in this order: the word with `ae`, `oe`, `ue` read as umlauts; two words that are used side by
        side; the parts of a compound; a word some slips away (a letter missing, added, changed, or two
        swapped); a word with the same consonants.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ()
        plain = UMLAUT_DIGRAPHS.sub(r"\1", word)
        if plain in self._vocabulary:
            return (plain,)
        whole, near = self._near(word)
        return whole or self._likeliest(near, word, before, after) or self._same_consonants(word)

    @cached_property
    def _near(self) -> Callable[[str], tuple[tuple[str, ...], tuple[Near, ...]]]:
        """An unknown word -> the parts it is made of, or known words that are near."""

        def near(word: str) -> tuple[tuple[str, ...], tuple[Near, ...]]:
            parts = self._parts(word)
            return parts, () if parts else tuple(self._slips(word))

        return lru_cache(maxsize=8192)(near)

    def _slips(self, word: str) -> Iterator[Near]:
        """The known words from which one or two slips lead to `word`, and how far away each is.

        Two letters that were swapped are 0.5 away, one that is missing or too many 1, one that was changed
        1.5: the easier it turns good words into one another, the less a slip explains. Hardly anybody
        mistypes both the first and the last letter: words that share one are enough. Of the rest, most are
        passed over by their letters alone: a letter that is missing or one too many changes one of their
        bits at most, and one that was changed two.
        """
        # Here, because questions without slips need none of it, and it takes long to import.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA, Indel, Levenshtein

        most = 1 if len(word) < LONG else 2
        start, stop = self._lengths.searchsorted((len(word) - most, len(word) + most + 1))
        here = slice(start, stop)
        unlike = np.bitwise_count(self._letters[here] ^ _letters(word))
        alike = unlike <= 2 * most - np.abs(self._lengths[here] - len(word))
        alike &= (self._first[here] == ord(word[0])) | (self._last[here] == ord(word[-1]))
        ids = self._ids[here][alike]
        words = self._vocabulary.spelt(ids)
        for known, slips, i in process.extract(
            word, words, scorer=OSA.distance, score_cutoff=most, limit=None
        ):
            apart = 3 * slips + Indel.distance(word, known) - 2 * Levenshtein.distance(word, known)
            yield Near(known, int(ids[i]), apart / 2)

    def _likeliest(self, near: Sequence[Near], word: str, before: str, after: str) -> tuple[str, ...]:
        """Of the known words that are near, the likeliest between two others."""
        if not near:
            return ()
        vocabulary, weight = self._vocabulary, self.spelling
        behind, in_front = vocabulary.place(before), vocabulary.place(after)
        together = vocabulary.together(
            [(behind, known.number) for known in near] + [(known.number, in_front) for known in near]
        )
        best, found = weight.floor, ""
        for known, *beside in zip(near, together, together[len(near) :], strict=False):
            if len(word) < SHORT and not any(beside) and sorted(known.word) != sorted(word):
                continue
            score = (
                math.log1p(sum(beside))
                + weight.usual * math.log1p(vocabulary.counts[known.number])
                - weight.slip * known.distance / len(word)
            )
            if score > best:
                best, found = score, known.word
        return (found,) if found else ()

    def _parts(self, word: str) -> tuple[str, ...]:
        """Two words that were run together, or the parts of a compound; of several those in common use."""
        cuts = range(MIN_WORD, len(word) - MIN_WORD + 1)
        known = self._vocabulary.numbers([word[:i] for i in cuts] + [word[i:] for i in cuts]).tolist()
        heads, tails = dict(zip(cuts, known, strict=False)), dict(zip(cuts, known[len(cuts) :], strict=True))
        run_together = (
            (heads[i], tails[i])
            for i in cuts
            if STRANGE not in (heads[i], tails[i]) and self._side_by_side(heads[i], tails[i])
        )
        compound = (
            (heads[i - len(link)], tails[i])
            for i in range(MIN_PART, len(word) - MIN_PART + 1)
            if tails[i] != STRANGE
            for link in LINKS
            if word[:i].endswith(link) and i - len(link) >= MIN_PART and heads[i - len(link)] != STRANGE
        )
        found = self._commonest(run_together) or self._commonest(compound)
        return tuple(self._vocabulary.spelt(np.array(found, np.int32)))

    def _side_by_side(self, before: int, after: int) -> bool:
        return any(self._vocabulary.together([(before, after)]))

    def _commonest(self, splits: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        counts = self._vocabulary.counts
        return max(splits, key=lambda parts: min(int(counts[part]) for part in parts), default=())

    def _same_consonants(self, word: str) -> tuple[str, ...]:
        """People who type in a hurry leave out vowels: all of them, or it is another word."""
        row = self._skeletons.number(word) if word == word.translate(VOWELS) else STRANGE
        return () if row == STRANGE else tuple(self._vocabulary.spelt(self._by_skeleton[row : row + 1]))


def _letters(word: str) -> np.uint64:
    """Which letters a word has, and which more than once, as bits; unlike ones may share a bit."""
    once, again = 0, 0
    for letter in word:
        bit = 1 << ord(letter) % 32
        again |= once & bit
        once |= bit
    return np.uint64(again << 32 | once)
