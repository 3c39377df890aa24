"""What a message asks for: its language, and the entries that answer it, in the order asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.clauses import clauses, shortened, windows
from bot.matcher import Candidate, Matcher
from bot.text import words
from bot.tuned import THRESHOLDS, Thresholds

FEW = 4
"""A message of more clauses is a story: most of it is not meant for the bot, so each must fit better."""

TIE = 0.03
"""Two languages whose familiarity differs by less are both possible; unrelated ones differ by far more."""

MAX_INTENTS = 3

Outcome = Literal["answer", "suggestion", "fallback"]

Topic = Literal["content", "smalltalk", "offtopic"]
"""What an entry is about: the series, the conversation, or none of the bot's business."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a message asks for: an entry, how well it fits (0..1), and the words that ask."""

    entry: str
    score: float
    clause: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a message asks for.

    `outcome` is `answer` (the intents are to be answered, in this order), `suggestion` (one of the intents
    may be meant, likeliest first) or `fallback` (nothing for the bot: the one intent, if any, says why).
    `margin` is how far the best entry was ahead of the next for the whole message.
    """

    language: str
    outcome: Outcome
    intents: tuple[Intent, ...]
    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """A text (the message, a clause, a window) and the entries it may ask for, best first."""

    text: str
    topics: Mapping[str, Topic] = field(repr=False)
    candidates: Sequence[Candidate]

    @property
    def best(self) -> Candidate:
        """The best candidate; one without id or score where there is none."""
        return self.candidates[0] if self.candidates else Candidate("", 0.0)

    @property
    def topic(self) -> Topic:
        """What the best candidate is about."""
        return self.topics.get(self.best.id, "offtopic")

    @property
    def margin(self) -> float:
        """How far the best candidate is ahead of the next one that would lead to another reply."""
        offtopic = self.topic == "offtopic"
        rivals = (c.score for c in self.candidates[1:] if not (offtopic and self.topics[c.id] == "offtopic"))
        return self.best.score - next(rivals, 0.0)

    @property
    def intent(self) -> Intent:
        """The best candidate as an intent."""
        return Intent(self.best.id, self.best.score, self.text)

    def sure(self, topic: Topic, floor: float, margin: float) -> bool:
        """Whether the best candidate is about `topic`, scores `floor`, and is ahead by `margin`."""
        return self.topic == topic and self.best.score >= floor and self.margin >= margin


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """How one language is heard: its matcher, what its entries are about, and folded words that need care.

    `connectives` begin a new clause. `subjects` are what a clause can leave out when the one before has
    named it. `question_words` show that a clause asks.
    """

    matcher: Matcher
    topics: Mapping[str, Topic]
    connectives: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    question_words: frozenset[str] = frozenset()

    def hear(self, text: str) -> Hearing:
        """The entries that `text` may ask for."""
        return Hearing(text, self.topics, self.matcher.match(text))

    def question(self, clause: str) -> str:
        """A clause from its first question word on; nothing if it has none, or begins with it."""
        found = clause.split()
        asking = (i for i, word in enumerate(found) if self.asks(word))
        return " ".join(found[at:]) if (at := next(asking, 0)) else ""

    def subject(self, clause: str) -> str:
        """The last word of a clause that a later one can leave out, or nothing."""
        found = self.matcher.spelt(clause)
        return next((word for word in reversed(found) if word in self.subjects), "")

    def asks(self, text: str) -> bool:
        """Whether a text holds a question word."""
        return not self.question_words.isdisjoint(words(text))


class Interpreter:
    """Finds out what a message asks for, in any of the languages that it has a pack for."""

    def __init__(self, packs: Mapping[str, LanguagePack], thresholds: Thresholds = THRESHOLDS) -> None:
        self._packs = packs
        self._thresholds = thresholds

    def interpret(self, message: str, hint: str | None = None) -> Interpretation:
        """What `message` asks for; `hint` is the language to assume where the message leaves it open."""
        message = shortened(message)
        language = self.language(message, hint)
        pack = self._packs[language]
        whole = pack.hear(message)
        outcome, intents = self._decide(pack, whole)
        score = min((intent.score for intent in intents), default=whole.best.score)
        return Interpretation(language, outcome, tuple(intents[:MAX_INTENTS]), score, whole.margin)

    def language(self, message: str, hint: str | None = None) -> str:
        """The language whose phrasings look most like `message`; `hint` wins where it is nearly a tie."""
        return max(
            self._packs,
            key=lambda code: self._packs[code].matcher.familiarity(message) + TIE * (code == hint),
        )

    def _decide(self, pack: LanguagePack, whole: Hearing) -> tuple[Outcome, list[Intent]]:
        floor, margin, clause_floor = (
            self._thresholds.floor,
            self._thresholds.margin,
            self._thresholds.clause_floor,
        )
        parts = self._hear_clauses(pack, whole.text)
        asked = [part for part in parts if part.sure("content", self._floor(parts), margin)]

        # Turned away as a whole, unless a clause of it fits better than the whole does elsewhere.
        if whole.topic == "offtopic" and whole.best.score >= max([floor, *(h.best.score for h in asked)]):
            return "fallback", [whole.intent]

        # Several questions in one message: each entry where it was asked for first.
        intents = list({part.best.id: part.intent for part in reversed(asked)}.values())[::-1]
        if len(intents) > 1:
            return "answer", intents

        # One question, in the whole message or somewhere in it.
        if whole.sure("content", floor, margin):
            return "answer", [whole.intent]
        asked += [
            heard
            for part in parts or [whole]
            for window in windows(part.text)
            if (heard := pack.hear(window)).sure("content", clause_floor, margin)
        ]
        if asked:
            return "answer", [max(asked, key=lambda h: (pack.asks(h.text), h.best.score)).intent]

        # None: a greeting, or something that is not understood.
        heard_all = [whole, *(parts if len(parts) <= FEW else [])]
        small = [hearing for hearing in heard_all if hearing.sure("smalltalk", floor, margin)]
        if small:
            return "answer", [max(small, key=lambda hearing: hearing.best.score).intent]
        near = self._near(pack, heard_all)
        return ("suggestion", near) if near else ("fallback", [])

    def _floor(self, clauses: Sequence[object]) -> float:
        """The floor for one of so many clauses."""
        return self._thresholds.clause_floor if len(clauses) > FEW else self._thresholds.floor

    def _hear_clauses(self, pack: LanguagePack, message: str) -> list[Hearing]:
        """Each clause of a message and what it may ask for; none where there is only one.

        A clause that leaves out what it speaks of ("... and how long are they?") is heard with the subject
        of a clause before it as well. That counts where it makes the clause clearer and asks for something
        that was not asked yet. After a question that is none of the bot's business ("when is my flight,
        and how long does it take?") such a clause is none of it either.
        """
        found = clauses(message, pack.connectives)
        hearings: list[Hearing] = []
        subject, astray = "", False
        for clause in found if len(found) > 1 else ():
            hearing = self._hear_clause(pack, clause, self._floor(found))
            own = pack.subject(clause)
            if own:
                astray = False
            elif pack.asks(clause):
                if astray:
                    hearing = Hearing(clause, pack.topics, ())
                astray = astray or self._turned_away(hearing)
            if subject and not own:
                hearing = self._hear_with(pack, subject, hearing, hearings)
            subject = own or subject
            hearings.append(hearing)
        return hearings

    def _hear_clause(self, pack: LanguagePack, clause: str, floor: float) -> Hearing:
        """A clause; from its question word on where that is clearer ("I would like to know when ...")."""
        hearing = pack.hear(clause)
        if self._turned_away(hearing) or hearing.sure("content", floor, self._thresholds.margin):
            return hearing
        question = pack.hear(pack.question(clause))
        return question if question.sure("content", floor, self._thresholds.margin) else hearing

    def _hear_with(
        self, pack: LanguagePack, subject: str, alone: Hearing, before: Sequence[Hearing]
    ) -> Hearing:
        """A clause with a borrowed subject, where that is clearer and asks for something new."""
        floor, margin = self._thresholds.floor, self._thresholds.margin
        if alone.topic == "smalltalk":
            return alone
        borrowed = pack.hear(f"{alone.text} {subject}")
        known = alone.best.score if alone.sure("content", floor, margin) else 0.0
        fresh = borrowed.best.id not in {other.best.id for other in before}
        clearer = borrowed.sure("content", floor, margin) and borrowed.best.score > known
        return borrowed if fresh and clearer else alone

    def _turned_away(self, hearing: Hearing) -> bool:
        return hearing.topic == "offtopic" and hearing.best.score >= self._thresholds.floor

    def _near(self, pack: LanguagePack, heard: Iterable[Hearing]) -> list[Intent]:
        """What may be meant when nothing is sure: candidates that fit well enough to ask, best first."""
        found: dict[str, Intent] = {}
        for hearing in heard:
            for candidate in hearing.candidates[:MAX_INTENTS]:
                if candidate.score >= self._thresholds.ask and pack.topics[candidate.id] == "content":
                    intent = Intent(candidate.id, candidate.score, hearing.text)
                    found[candidate.id] = max(found.get(candidate.id, intent), intent, key=lambda i: i.score)
        return sorted(found.values(), key=lambda intent: -intent.score)
