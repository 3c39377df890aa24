"""Text as the matcher sees it: folded, cut into words, stemmed. Pure functions of their arguments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

WORD = re.compile(r"[^\W_]+")
MARKS = re.compile(r"[\u0300-\u036f]+")
APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")

MAX_WORD = 40
"""Longer words are cut: nobody types them, and n-grams of a megabyte of one letter cost time."""


def fold(text: str) -> str:
    """Reduce `text` to what people mean alike: case, accents, width, apostrophes; `ß` becomes `ss`.

    An umlaut loses its dots; that `ae` may be one as well is for `Speller.resolve` to find out, as
    it takes a word list to tell.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        text = MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = APOSTROPHES.sub("", text)
    elif "'" in text or "`" in text:
        text = APOSTROPHES.sub("", text)
    return text


def words(text: str) -> list[str]:
    """The words of `text`, folded, in order; everything that is neither letter nor digit separates."""
    return [word[:MAX_WORD] for word in WORD.findall(fold(text))]


@lru_cache(maxsize=8)
def stemmer(algorithm: str) -> Callable[[str], str]:
    """A cached stemming function for one of snowball's algorithms, such as `german`.

    Raises `KeyError` for an algorithm that snowball does not know.
    """
    import snowballstemmer  # here, because a matcher without a language pack needs none

    stem: Callable[[str], str] = snowballstemmer.stemmer(algorithm).stemWord
    return lru_cache(maxsize=50_000)(stem)


@dataclass(frozen=True)
class Analyzer:
    """A language pack: how words of one language are reduced before they are compared.

    `algorithm` names the snowball stemmer that cuts endings, "" for none; `synonyms` maps a folded word to
    the one that stands for it everywhere; `filler` are folded words that say nothing about what is asked,
    which are left out unless nothing else is there; `lookups` maps names, as tuples of words that `telling`
    returns, to the list that each stands in.
    """

    algorithm: str = ""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    filler: frozenset[str] = frozenset()
    lookups: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def stem(self) -> Callable[[str], str]:
        """The function that cuts a word's ending."""
        return stemmer(self.algorithm) if self.algorithm else str

    @classmethod
    def build(
        cls,
        algorithm: str,
        synonyms: Iterable[Iterable[str]] = (),
        filler: Iterable[str] = (),
        lookups: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> Analyzer:
        """An analyzer from what a language file holds: words as a person writes them.

        Each line of `synonyms` names words that stand for one another; the first stands for all. `lookups`
        are lists of names, by the name of the list. Raises `KeyError` for a stemmer that snowball does not
        have.
        """
        table: dict[str, str] = {}
        for line in synonyms:
            first, *others = [fold(word) for word in line]
            table.update(dict.fromkeys(others, first))
        stemmer(algorithm)
        plain = cls(algorithm, table, frozenset(map(fold, filler)))
        found = {
            tuple(plain.telling(words(each))): name for name, listed in lookups.items() for each in listed
        }
        return replace(plain, lookups=found)

    @property
    def known(self) -> list[str]:
        """The words that the pack itself speaks of."""
        listed = (word for name in self.lookups for word in name)
        return sorted({*self.synonyms, *self.synonyms.values(), *self.filler, *listed})

    def telling(self, found: Sequence[str]) -> list[str]:
        """Of folded words those that carry meaning, synonyms replaced."""
        kept = [word for word in found if word not in self.filler]
        return [self.synonyms.get(word, word) for word in kept or found]
