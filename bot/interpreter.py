"""What a message asks for: its language, and the entries that answer it, in the order asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.clauses import clauses, shortened, windows
from bot.matcher import Candidate, Matcher
from bot.tuned import THRESHOLDS, Thresholds

FEW = 4
"""A message of more clauses is a story: most of it is not meant for the bot, so each must fit better."""

LENT = 0.5
"""A question that leaves out its subject is taken with the one before it, unless that halves its score: of
0.3 to 1 this did best on the labelled questions."""

KEYWORD = 0.95
"""A clause without the form of a question is one as well if it is just what people write who ask for it."""

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
    """How one language is heard: its matcher, what its entries are about, and folded words that need care.

    `connectives` begin a new clause. `subjects` are what a clause can leave out when the one before has
    named it. A clause asks that holds one of the `question_words` or, greetings aside, begins with one of
    the `openers` (the words that open questions for yes or no).
    """

    matcher: Matcher
    topics: Mapping[str, Topic]
    connectives: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    question_words: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()

    def hear(self, text: str) -> Hearing:
        """The entries that `text` may ask for."""
        return Hearing(text, self.topics, self.matcher.match(text))

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
        """Whether a text has the form of a question."""
        found = self.matcher.mended(text)
        first = next((word for word in found if word not in self.matcher.analyzer.filler), "")
        return first in self.openers or not self.question_words.isdisjoint(found)


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
        """The language whose phrasings look most like `message`.

        Where it is nearly a tie, `hint` wins if it is among them, else the language that understands more.
        """
        familiar = {code: pack.matcher.familiarity(message) for code, pack in self._packs.items()}
        likely = [code for code in familiar if familiar[code] >= max(familiar.values()) - TIE]
        if hint in likely or len(likely) == 1:
            return hint if hint in likely else likely[0]
        return max(likely, key=lambda code: (self._packs[code].hear(message).best.score, familiar[code]))

    def _decide(self, pack: LanguagePack, whole: Hearing) -> tuple[Outcome, list[Intent]]:
        floor, margin = self._thresholds.floor, self._thresholds.margin
        parts = self._hear_clauses(pack, whole)
        asked = [part for part in parts if self._sure(part, parts)]

        # Something else as a whole, unless a clause of it fits better than the whole does elsewhere.
        if whole.topic != "content" and whole.best.score >= max([floor, *(h.best.score for h in asked)]):
            return ("fallback" if whole.topic == "offtopic" else "answer"), [whole.intent]

        # Several questions in one message: each entry where it was asked for first.
        intents: dict[str, Intent] = {}
        for part in asked:
            intents.setdefault(part.best.id, part.intent)
        if len(intents) > 1:
            return "answer", list(intents.values())

        # One question, in the whole message or somewhere in it.
        if whole.sure("content", floor, margin):
            return "answer", [whole.intent]
        for part in parts or [whole]:
            for window in windows(part.text):
                heard = pack.hear(window).within(whole, self._context(whole))
                if heard.sure("content", self._thresholds.clause_floor, margin):
                    asked.append(heard)
        if asked:
            return "answer", [max(asked, key=lambda h: (pack.asks(h.text), h.best.score)).intent]

        # None: a greeting, or something that is not understood.
        heard_all = [whole, *(parts if len(parts) <= FEW else [])]
        small = [hearing for hearing in heard_all if hearing.sure("smalltalk", floor, margin)]
        if small:
            return "answer", [max(small, key=lambda hearing: hearing.best.score).intent]
        near = self._near(pack, heard_all)
        return ("suggestion", near) if near else ("fallback", [])

    def _sure(self, clause: Hearing, clauses: Sequence[object]) -> bool:
        """Whether a clause, one of so many, asks for something that the bot can tell."""
        floor = self._thresholds.clause_floor if len(clauses) > FEW else self._thresholds.floor
        return clause.sure("content", floor, self._thresholds.margin)

    def _context(self, whole: Hearing) -> float:
        """How much the whole message weighs when a clause of it is heard."""
        weight = self._thresholds.context
        return weight * self._thresholds.elsewhere if whole.topic == "offtopic" else weight

    def _hear_clauses(self, pack: LanguagePack, whole: Hearing) -> list[Hearing]:
        """Each clause of a message and what it may ask for; none where there is only one.

        Clauses are heard in the context of the whole message, but for a question beside another one for the
        bot: that one stands for itself. A question that leaves out what it speaks of ("... and how long are
        they?") is heard with the subject of a clause before it as well. That counts where it is still clear
        and asks for something that was not asked yet.
        """
        found = clauses(whole.text, pack.connectives)
        if len(found) < 2:
            return []
        alone = [pack.hear(clause) for clause in found]
        ours = [
            (clause.endswith("?") or pack.asks(clause)) and not self._turned_away(heard)
            for clause, heard in zip(found, alone, strict=True)
        ]
        if not any(ours):  # a list of keywords
            ours = [heard.sure("content", KEYWORD, self._thresholds.margin) for heard in alone]
        hearings: list[Hearing] = []
        subject = ""
        for i, clause in enumerate(found):
            independent = ours[i] and (any(ours[max(i - 1, 0) : i]) or any(ours[i + 1 : i + 2]))
            weight = 0.0 if independent else self._context(whole)
            hearing = alone[i].within(whole, weight)
            # From its question word on, where that is clearer: "I would like to know when ..."
            if not self._sure(hearing, found):
                question = pack.hear(pack.question(clause)).within(whole, weight)
                hearing = question if self._sure(question, found) else hearing
            own = pack.subject(clause)
            if subject and not own and hearing.topic != "smalltalk":
                borrowed = pack.hear(f"{clause} {subject}").within(whole, weight)
                known = hearing.best.score if self._sure(hearing, found) else 0.0
                fresh = borrowed.best.id not in {other.best.id for other in hearings}
                if fresh and self._sure(borrowed, found) and borrowed.best.score > LENT * known:
                    hearing = borrowed
            subject = own or subject
            hearings.append(hearing)
        return hearings

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
