"""How a text is heard in one language: `LanguagePack` -> `Hearing`, the entries that it may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.faq import EntryKind
from bot.matcher import Candidate, Matcher

Topic = Literal["content", "smalltalk", "offtopic"]
"""What an entry is about: the series, the conversation, or none of the bot's business."""

TOPICS: Mapping[EntryKind, Topic] = {
    "answer": "content",
    "unknown": "content",
    "smalltalk": "smalltalk",
    "offtopic": "offtopic",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a message asks for: an entry, how well it fits (0..1), and the words that ask."""

    entry: str
    score: float
    clause: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """A text (the message, a clause, a window) and the entries it may ask for, best first.

    Those that fit it at all, or else one that does not.
    """

    text: str
    kinds: Mapping[str, EntryKind] = field(repr=False)
    candidates: Sequence[Candidate]

    @property
    def best(self) -> Candidate:
        """The best candidate; one without id or score where there is none."""
        return self.candidates[0] if self.candidates else Candidate("", 0.0)

    @property
    def topic(self) -> Topic:
        """What the best candidate is about."""
        return TOPICS[self.kind]

    @property
    def kind(self) -> EntryKind:
        """The kind of the best candidate."""
        return self.kinds.get(self.best.id, "offtopic")

    @property
    def margin(self) -> float:
        """How far the best candidate is ahead of the next one that would lead to another reply.

        What is turned away, or not known, is so whatever exactly it is.
        """
        alike = self.kind if self.kind in ("offtopic", "unknown") else None
        rivals = (c.score for c in self.candidates[1:] if self.kinds[c.id] != alike)
        return self.best.score - next(rivals, 0.0)

    @property
    def intent(self) -> Intent:
        """The best candidate as an intent."""
        return Intent(self.best.id, self.best.score, self.text)

    def sure(self, topic: Topic, floor: float, margin: float) -> bool:
        """Whether the best candidate is about `topic`, scores `floor`, and is ahead by `margin`."""
        return self.topic == topic and self.best.score >= floor and self.margin >= margin

    def within(self, whole: Hearing, weight: float) -> Hearing:
        """The same text as a part of the `whole`: each entry loses by how far it lags behind there.

        "What is it called?" asks for the title, but not after "That song in the trailer: ...".
        """
        scores = {candidate.id: candidate.score for candidate in whole.candidates}
        found = [
            Candidate(each.id, max(0.0, each.score - weight * (whole.best.score - scores.get(each.id, 0.0))))
            for each in self.candidates
        ]
        return replace(self, candidates=sorted(found, key=lambda candidate: -candidate.score))


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """How one language is heard: its matcher, the kinds of its entries, and folded words that need care.

    `connectives` begin a new clause. `subjects` are what a clause can leave out when the one before has
    named it. A clause asks that ends in a question mark, holds one of the `question_words` or, greetings
    aside, begins with one of the `openers` (the words that open questions for yes or no).
    """

    matcher: Matcher
    kinds: Mapping[str, EntryKind]
    connectives: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    question_words: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()

    def hear(self, text: str) -> Hearing:
        """The entries that `text` may ask for."""
        return self.hear_all([text])[0]

    def hear_all(self, texts: Sequence[str]) -> list[Hearing]:
        """The same for each of some texts, in much less time."""
        found = [
            [candidate for candidate in candidates if candidate.score] or candidates[:1]
            for candidates in self.matcher.match_all(texts)
        ]
        return [Hearing(text, self.kinds, each) for text, each in zip(texts, found, strict=True)]

    def topic(self, entry: str) -> Topic:
        """What an entry is about."""
        return TOPICS[self.kinds[entry]]

    def question(self, clause: str) -> str:
        """A clause from its first question word on; nothing if it has none, or begins with it."""
        found = clause.split()
        asking = (i for i, word in enumerate(found) if self.question_words & {*self.matcher.mended(word)})
        return " ".join(found[at:]) if (at := next(asking, 0)) else ""

    def subject(self, clause: str) -> str:
        """The last word of a clause that a later one can leave out, or nothing."""
        found = self.matcher.spelt(clause)
        return next((word for word in reversed(found) if word in self.subjects), "")

    def asks(self, text: str) -> bool:
        """Whether a text has the form of a question: its mark, its first word, or a question word."""
        if text.endswith("?"):
            return True
        found = self.matcher.mended(text)
        first = next((word for word in found if word not in self.matcher.analyzer.filler), "")
        return first in self.openers or not self.question_words.isdisjoint(found)
