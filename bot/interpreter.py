"""What a message asks for: its language, and the entries that answer it, in the order asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.clauses import clauses, sentences, shortened, windows
from bot.hearing import Hearing, Intent, LanguagePack
from bot.tuned import THRESHOLDS, Thresholds

FEW = 4
"""A message of more clauses is a story: most of it is not meant for the bot, so each must fit better."""

LENT = 0.4
"""A question that leaves out its subject is taken with the one before it, unless its score falls below this
share: of 0.2 to 0.7 this did best on the labelled questions."""

KEYWORD = 0.9
"""A clause without the form of a question is one as well if it is just what people write who ask for it: of
0.5 to 1, 0.8 to 0.95 did best on the labelled questions."""

TIE = 0.05
"""Two languages whose familiarity differs by less are both possible; unrelated ones differ by far more."""

RIVAL = 0.9
"""Nothing is asked back where what is turned away fits at least this share as well as what would be asked: of
68 such phrasings in a held-out sixth of the FAQ 38 were none for the bot, 22 not known and 8 answers."""

MAX_INTENTS = 3

Outcome = Literal["answer", "suggestion", "fallback"]


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


class Interpreter:
    """Finds out what a message asks for, in any of the languages that it has a pack for."""

    def __init__(self, packs: Mapping[str, LanguagePack], thresholds: Thresholds = THRESHOLDS) -> None:
        self._packs = packs
        self._thresholds = thresholds

    def interpret(self, message: str, hint: str | None = None) -> Interpretation:
        """What `message` asks for; `hint` is the language to assume where the message leaves it open."""
        message = shortened(message)
        language, whole = self._whole(message, hint)
        pack = self._packs[language]
        plain = self._without_manners(pack, message)
        if plain != message:
            whole = pack.hear(plain)
        outcome, intents = self._decide(pack, whole)
        score = min((intent.score for intent in intents), default=whole.best.score)
        return Interpretation(language, outcome, tuple(intents[:MAX_INTENTS]), score, whole.margin)

    def language(self, message: str, hint: str | None = None) -> str:
        """The language whose phrasings look most like `message`.

        Where it is nearly a tie, `hint` wins if it is among them, else the language that understands more.
        """
        return self._whole(message, hint)[0]

    def _whole(self, message: str, hint: str | None) -> tuple[str, Hearing]:
        """The language of a message, and how it is heard in it."""
        familiar = {code: pack.matcher.familiarity(message) for code, pack in self._packs.items()}
        likely = [code for code in familiar if familiar[code] >= max(familiar.values()) - TIE]
        codes = [hint] if hint is not None and hint in likely else likely
        heard = {code: self._packs[code].hear(message) for code in codes}
        language = max(codes, key=lambda code: (heard[code].best.score, familiar[code]))
        return language, heard[language]

    def _without_manners(self, pack: LanguagePack, message: str) -> str:
        """A message without a greeting in front of it, and thanks behind it, if it is more than that."""
        found = sentences(message)
        if len(found) < 2:
            return message
        first, last = (
            heard.sure("smalltalk", KEYWORD, self._thresholds.margin)
            for heard in pack.hear_all([found[0], found[-1]])
        )
        kept = found[first : len(found) - last]
        return " ".join(kept) if kept and len(kept) < len(found) else message

    def _decide(self, pack: LanguagePack, whole: Hearing) -> tuple[Outcome, list[Intent]]:
        floor, margin = self._thresholds.floor, self._thresholds.margin
        parts = self._hear_clauses(pack, whole)
        asked = self._side_by_side(pack, [part for part in parts if self._sure(part, parts)])

        # Something else as a whole, unless a clause of it fits better than the whole does elsewhere.
        if whole.topic != "content" and whole.best.score >= max([floor, *(h.best.score for h in asked)]):
            return ("fallback" if whole.topic == "offtopic" else "answer"), [whole.intent]

        # Several questions in one message: each entry where it was asked for most clearly.
        clearest: dict[str, Hearing] = {}
        for part in asked:
            clearest[part.best.id] = max(clearest.get(part.best.id, part), part, key=lambda h: h.best.score)
        if len(clearest) > 1:
            return "answer", [part.intent for part in asked if clearest[part.best.id] is part]

        # One question, in the whole message or somewhere in it.
        if whole.sure("content", floor, margin):
            return "answer", [whole.intent]
        wide = [window for part in parts or [whole] for window in windows(part.text)]
        for heard in pack.hear_all(wide):
            window = heard.within(whole, self._context(whole))
            if window.sure("content", self._thresholds.clause_floor, margin):
                asked.append(window)
        if asked:
            return "answer", [max(asked, key=lambda h: (pack.asks(h.text), h.best.score)).intent]

        # None: a greeting, or something that is not understood.
        heard_all = [whole, *(parts if len(parts) <= FEW else [])]
        small = [hearing for hearing in heard_all if hearing.sure("smalltalk", floor, margin)]
        if small:
            return "answer", [max(small, key=lambda hearing: hearing.best.score).intent]
        near = self._near(pack, whole, heard_all)
        return ("suggestion", near) if near else ("fallback", [])

    def _side_by_side(self, pack: LanguagePack, asked: list[Hearing]) -> list[Hearing]:
        """Of the parts of a message those that count beside one another.

        What is only told beside a question, or would be answered beside something that is not known, must be
        clearer than it need be alone: it may well belong to the other.
        """
        floor = self._thresholds.clause_floor
        if any(pack.asks(part.text) for part in asked):
            asked = [part for part in asked if pack.asks(part.text) or part.best.score >= floor]
        if any(part.kind == "unknown" for part in asked):
            asked = [part for part in asked if part.kind == "unknown" or part.best.score >= floor]
        return asked

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

        Clauses are heard in the context of the whole message, but for a question beside another one that is
        clearly for the bot: that one stands for itself. A question that leaves out what it speaks of ("...
        and how long are they?") is heard with the subject of a clause before it as well. That counts where it
        is still clear and asks for something that was not asked yet.
        """
        found = clauses(whole.text, pack.connectives)
        if len(found) < 2:
            return []
        alone = pack.hear_all(found)
        ours = [self._ours(pack, heard, whole) for heard in alone]
        clear = [mine and self._sure(heard, found) for mine, heard in zip(ours, alone, strict=True)]
        context = self._context(whole)
        weights = [0.0 if ours[i] and sum(clear) > clear[i] else context for i in range(len(found))]

        def hear(texts: Mapping[int, str]) -> dict[int, Hearing]:
            """What is heard in other words for some of the clauses."""
            heard = zip(texts, pack.hear_all([*texts.values()]), strict=True)
            return {i: each.within(whole, weights[i]) for i, each in heard}

        hearings = [heard.within(whole, weight) for heard, weight in zip(alone, weights, strict=True)]
        # From its question word on, where that is clearer: "I would like to know when ..."
        unsure = [i for i, hearing in enumerate(hearings) if not self._sure(hearing, found)]
        for i, question in hear({i: pack.question(found[i]) for i in unsure}).items():
            if self._sure(question, found):
                hearings[i] = question
        # With the subject of the last clause before that has one.
        with_subject: dict[int, str] = {}
        subject = ""
        for i, clause in enumerate(found):
            own = pack.subject(clause)
            if subject and not own and hearings[i].topic != "smalltalk":
                with_subject[i] = f"{clause} {subject}"
            subject = own or subject
        for i, borrowed in hear(with_subject).items():
            known = hearings[i].best.score if self._sure(hearings[i], found) else 0.0
            fresh = borrowed.best.id not in {other.best.id for other in hearings[:i]}
            if fresh and self._sure(borrowed, found) and borrowed.best.score > LENT * known:
                hearings[i] = borrowed
        return hearings

    def _ours(self, pack: LanguagePack, clause: Hearing, whole: Hearing) -> bool:
        """Whether a clause of a message is a question, and none that is turned away.

        One without the form of a question is one by its very words, unless the whole message is by its own.
        """
        floor, margin = self._thresholds.floor, self._thresholds.margin
        if clause.topic == "offtopic" and clause.best.score >= floor:
            return False
        keyword = clause.sure("content", KEYWORD, margin) and whole.best.score < KEYWORD
        return keyword or pack.asks(clause.text)

    def _near(self, pack: LanguagePack, whole: Hearing, heard: Iterable[Hearing]) -> list[Intent]:
        """What may be meant when nothing is sure: candidates that fit well enough to ask, best first.

        None, where the whole message may just as well be about something that is turned away.
        """
        found: dict[str, Intent] = {}
        for hearing in heard:
            for candidate in hearing.candidates[:MAX_INTENTS]:
                if candidate.score >= self._thresholds.floor and pack.topic(candidate.id) == "content":
                    intent = Intent(candidate.id, candidate.score, hearing.text)
                    found[candidate.id] = max(found.get(candidate.id, intent), intent, key=lambda i: i.score)
        near = sorted(found.values(), key=lambda intent: -intent.score)
        away = max((c.score for c in whole.candidates if pack.topic(c.id) == "offtopic"), default=0.0)
        return near if near and away < RIVAL * near[0].score else []
