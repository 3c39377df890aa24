"""`Faq`: all that the bot knows, immutable. `bot.loader` makes it of the files in faq/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from bot.countdown import State
    from bot.facts import FactValue

EntryKind = Literal["answer", "unknown", "smalltalk", "offtopic"]
How = Literal["equals", "less", "more"]

END = b"\xff"
"""Stands behind each text of an archive: UTF-8 has no such byte."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition on a number in the question: how it compares with `value`, the figure of a fact."""

    how: How
    value: int

    def holds(self, number: int) -> bool:
        """Whether `number` equals `value`, is less, or is more."""
        if self.how == "equals":
            return number == self.value
        return number < self.value if self.how == "less" else number > self.value


@dataclass(frozen=True, slots=True)
class Lead:
    """A first line for an answer if the question gives cause: if all conditions hold that are set.

    `mentions`: one of these words or phrases stands in the question ({mentioned} in `say`, as written here).
    `yes_no`: whether it is a question for yes or no. `clock`: one of these is the state of the countdown.
    `number`: a number in the question passes all of these ({number} in `say`; {left} is what it lacks to the
    value of the first).
    """

    say: str
    mentions: tuple[str, ...] = ()
    yes_no: bool | None = None
    clock: tuple[State, ...] = ()
    number: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something people ask, and the answer to it.

    `label` is a short question for buttons, "" for `smalltalk` and `offtopic`. `answer` has the facts filled
    in; it may be "" for `offtopic`: then the phrase `fallback` is said.
    """

    id: str
    kind: EntryKind
    label: str
    answer: str
    leads: tuple[Lead, ...]
    related: tuple[str, ...]


class Archive(Mapping[str, tuple[str, ...]]):
    """Lists of texts by name, such as the phrasings of each entry: many, and only read when they are learnt.

    They are kept as bytes in one array, which the cache (`bot.cache`) leaves on the disk, and become texts
    each time that somebody asks for them.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        packed = bytearray()
        for name, texts in lists.items():
            start = len(packed)
            packed += b"".join(text.encode("utf-8") + END for text in texts)
            self._places[name] = start, len(packed)
        self._packed = np.frombuffer(bytes(packed), np.uint8)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        start, stop = self._places[name]
        texts = self._packed[start:stop].tobytes().split(END)[:-1]
        return tuple(text.decode("utf-8") for text in texts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, slots=True)
class Command:
    """A command in a language: `names` are the words for it, the one to show first; the id is among them."""

    id: str
    names: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language file with the facts filled in. `locale` is how babel writes dates, lists and plurals.

    `spoken`: the facts as this language says them. `yes_no`: words that begin a question for yes or no.
    `question_words`: words that show that a clause asks.
    `connectives`: words that begin a new clause. `subjects`: words that name what a question is about.
    `lookups`: lists of words that mean the same sort of thing, those of names.yaml among them. `phrasings`:
    how people ask for each entry.
    """

    code: str
    name: str
    stemmer: str
    locale: str
    numbers: Mapping[str, int]
    synonyms: tuple[tuple[str, ...], ...]
    filler: frozenset[str]
    connectives: frozenset[str]
    subjects: frozenset[str]
    yes_no: frozenset[str]
    question_words: frozenset[str]
    lookups: Archive
    phrases: Mapping[str, str]
    commands: Mapping[str, Command]
    entries: Mapping[str, Entry]
    phrasings: Archive
    spoken: Mapping[str, str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """All (entry id, utterance): what a matcher of this language learns.

        Utterances are the phrasings, and the labels, which people read and type.
        """
        return [
            (entry.id, utterance)
            for entry in self.entries.values()
            for utterance in (entry.label, *self.phrasings[entry.id])
            if utterance
        ]

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of all entries that the article answers, in their order."""
        return tuple(entry.id for entry in self.entries.values() if entry.kind == "answer")

    def speaks(self, entry: str) -> bool:
        """Whether there is such an entry, and it has an answer to show."""
        return entry in self.entries and self.entries[entry].kind != "offtopic"


@dataclass(frozen=True, slots=True)
class Faq:
    """All that the bot knows. `facts` holds what is derived from them too; `sources`: where they stand."""

    languages: Mapping[str, Language]
    facts: Mapping[str, FactValue]
    sources: Mapping[str, str]
