"""`Assistant`: a question, a command or a button, in a language, at a time -> `Reply`. Decides everything.

It knows nothing of who asks or where: the terminal, Telegram and the evaluation all come in here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.cache import cached
from bot.faq import Entry, Faq, Language
from bot.interpreter import Intent, Interpretation, Interpreter, LanguagePack
from bot.leads import lead_line
from bot.matcher import Matcher
from bot.reply import Button, Kind, Reply
from bot.text import Analyzer, fold
from bot.tuned import LEARNING, THRESHOLDS, Learning, Thresholds

if TYPE_CHECKING:
    from bot.countdown import State

SHIPPED_FAQ = Path(__file__).parent.parent / "faq"

COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
MAX_BUTTONS = 3


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A FAQ, and how each of its languages is heard."""

    faq: Faq
    packs: Mapping[str, LanguagePack]


def analyzer_of(language: Language) -> Analyzer:
    """How the words of a language are reduced before they are compared."""
    return Analyzer.build(language.stemmer, language.synonyms, sorted(language.filler), language.lookups)


def learn(faq: Faq, learning: Learning = LEARNING) -> Knowledge:
    """Learn the phrasings of `faq`; takes seconds."""
    return Knowledge(faq, {code: _pack(language, learning) for code, language in faq.languages.items()})


def load_knowledge(directory: Path) -> Knowledge:
    """The FAQ in `directory`, learnt; what was learnt before comes from the cache. Raises `FaqError`."""

    def compute() -> Knowledge:
        from bot.loader import load_faq  # the loader and what it needs take longer to import than all else

        return learn(load_faq(directory))

    files = sorted(directory.iterdir()) if directory.is_dir() else []
    return cached([(file.name, file.read_bytes()) for file in files if file.is_file()], compute)


def load_assistant(faq_dir: Path | None, timezone: ZoneInfo) -> Assistant:
    """The assistant for the FAQ in `faq_dir` (None: the one that ships). Raises `FaqError`."""
    return Assistant(load_knowledge(faq_dir or SHIPPED_FAQ), timezone)


class Assistant:
    """Answers in all languages of a FAQ. Stateless: every reply depends on its arguments alone."""

    def __init__(
        self, knowledge: Knowledge, timezone: ZoneInfo, *, thresholds: Thresholds = THRESHOLDS
    ) -> None:
        self._faq = knowledge.faq
        self._packs = knowledge.packs
        self._timezone = timezone
        self._interpreter = Interpreter(knowledge.packs, thresholds)
        self._commands: dict[str, list[tuple[str, str]]] = {}
        for code, language in self._faq.languages.items():
            for command, spec in language.commands.items():
                for name in spec.names:
                    self._commands.setdefault(fold(name), []).append((code, command))

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages it speaks."""
        return tuple(self._faq.languages)

    def reply(self, text: str, *, now: datetime, language: str | None = None) -> Reply:
        """Answer a question or a command.

        `language` is the user's, as a code such as `de` or `en-GB`: it counts only where the text leaves
        the language open. `now` must know its time zone.
        """
        text = text.strip()
        hint = self._speak(language)
        if not any(map(str.isalnum, text)):
            return replace(self.say("empty", hint), kind="fallback", score=0.0)
        if command := COMMAND.fullmatch(text):
            return self._command(fold(command[1]), (command[2] or "").strip(), hint, now)
        heard = self._interpreter.interpret(text, hint if language else None)
        if heard.outcome == "answer":
            return self._answer(heard.language, heard.intents, now, heard.score)
        if heard.outcome == "suggestion":
            return self._suggestion(heard)
        return self._fallback(heard)

    def press(self, action: str, *, now: datetime) -> Reply:
        """Answer the press of a button: its `action`, which may be of any age or make."""
        verb, _, rest = action.partition(":")
        code, _, argument = rest.partition(":")
        language = self._faq.languages.get(code)
        if language and verb in ("answer", "choose") and _speaks(language, argument):
            return self._answer(code, (Intent(argument, 1.0, ""),), now, 1.0)
        if language and verb in ("command", "refresh"):
            name, _, rest = argument.partition(" ")
            if name in language.commands:
                return self._run(name, rest, code, now)
        return self.say("stale_button", code)

    def say(self, phrase: str, language: str | None) -> Reply:
        """One of the fixed phrases of the language files, by its name."""
        code = self._speak(language)
        return Reply("smalltalk", code, self._faq.languages[code].phrases[phrase], score=1.0)

    # Questions

    def _answer(self, code: str, intents: Iterable[Intent], now: datetime, score: float) -> Reply:
        """One message that answers each of `intents`, in this order."""
        language = self._faq.languages[code]
        state = self._clock(now)
        entries = [language.entries[intent.entry] for intent in intents]
        texts = [
            self._entry_text(language, entry, intent.clause, state)
            for entry, intent in zip(entries, intents, strict=True)
        ]
        kinds: list[Kind] = [entry.kind for entry in entries if entry.kind != "offtopic"]
        kind = next((kind for kind in ("answer", "unknown") if kind in kinds), kinds[0])
        related = dict.fromkeys(each for entry in entries for each in entry.related)
        buttons = [_answer_button(language, each) for each in related if each not in {e.id for e in entries}]
        return Reply(
            kind, code, "\n\n".join(texts), tuple(e.id for e in entries), score, tuple(buttons[:MAX_BUTTONS])
        )

    def _entry_text(self, language: Language, entry: Entry, clause: str, state: State) -> str:
        spelt = self._packs[language.code].matcher.spelt(clause)
        lead = lead_line(entry.leads, clause, spelt, language, state)
        return "\n".join(filter(None, (lead, entry.answer)))

    def _suggestion(self, heard: Interpretation) -> Reply:
        language = self._faq.languages[heard.language]
        buttons = tuple(
            Button(language.entries[i.entry].label, f"choose:{language.code}:{i.entry}")
            for i in heard.intents
        )
        topics = tuple(intent.entry for intent in heard.intents)
        text = language.phrases["did_you_mean"]
        return Reply("suggestion", language.code, text, topics, heard.score, buttons)

    def _fallback(self, heard: Interpretation) -> Reply:
        language = self._faq.languages[heard.language]
        reasons = [language.entries[intent.entry].answer for intent in heard.intents]
        text = next(filter(None, reasons), language.phrases["fallback"])
        button = Button(language.phrases["topics_button"], f"command:{language.code}:topics")
        return Reply("fallback", language.code, text, (), heard.score, (button,))

    # Commands

    def _command(self, name: str, argument: str, hint: str, now: datetime) -> Reply:
        if name not in self._commands:
            return self._unknown_command(name, hint)
        code, command = self._named(name, hint)
        return self._run(command, argument, code, now)

    def _named(self, name: str, hint: str) -> tuple[str, str]:
        """The language and the command that a known name belongs to; `hint`, where it has the name too."""
        known = self._commands[name]
        return next(((code, command) for code, command in known if code == hint), known[0])

    def _run(self, command: str, argument: str, code: str, now: datetime) -> Reply:
        language = self._faq.languages[code]
        phrases = language.phrases
        entry = argument if command == "start" else command
        if command in ("start", "cast") and _speaks(language, entry):
            return self._answer(code, (Intent(entry, 1.0, ""),), now, 1.0)
        if command == "topics":
            labels = [_answer_button(language, e.id) for e in language.entries.values() if e.kind == "answer"]
            return Reply("smalltalk", code, phrases["topics"], score=1.0, buttons=tuple(labels))
        if command == "countdown":
            return self._countdown(language, now)
        if command == "episodes":
            return self._episodes(language, argument, now)
        menu = ("topics", "countdown", "episodes") if command in ("start", "help") else ()
        buttons = tuple(Button(phrases[f"{each}_button"], f"command:{code}:{each}") for each in menu)
        # A FAQ of another series may know no cast.
        text = phrases.get(command, phrases["help"])
        return Reply("smalltalk", code, text, score=1.0, buttons=buttons)

    def _unknown_command(self, name: str, hint: str) -> Reply:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = process.extractOne(name[:40], sorted(self._commands), scorer=OSA.normalized_similarity)
        nearest = found[0] if found else "help"
        code, command = self._named(nearest, hint)
        phrases = self._faq.languages[hint].phrases
        text = phrases["unknown_command"].format(command=name[:40], nearest=nearest)
        return Reply(
            "smalltalk", hint, text, score=1.0, buttons=(Button(f"/{nearest}", f"command:{code}:{command}"),)
        )

    def _countdown(self, language: Language, now: datetime) -> Reply:
        from bot.countdown import countdown, countdown_text

        start, race, runtime = self._dates()
        count = countdown(now, start=start, race=race, runtime_minutes=runtime, tz=self._timezone)
        text = countdown_text(count, language.phrases, language.locale)
        refresh = Button(language.phrases["refresh_button"], f"refresh:{language.code}:countdown")
        return Reply("answer", language.code, text, ("countdown",), 1.0, (refresh,))

    def _episodes(self, language: Language, argument: str, now: datetime) -> Reply:
        from bot.episodes import Schedule, episodes_text

        facts = self._faq.facts
        text = episodes_text(
            Schedule(int(str(facts["episodes"])), int(str(facts["minutes_per_episode"]))),
            language.phrases,
            language.locale,
            now=now,
            tz=self._timezone,
            argument=argument,
            words=language.numbers,
            released=self._clock(now) != "before_start",
        )
        return Reply("answer", language.code, text, ("episodes",), 1.0)

    # What all of them need

    def _speak(self, language: str | None) -> str:
        """The language to speak with a user of `language` (a code such as `de-AT`), if nothing else tells."""
        code = (language or "").replace("_", "-").split("-")[0].casefold()
        if code in self._faq.languages:
            return code
        return "en" if "en" in self._faq.languages else self.languages[0]

    def _dates(self) -> tuple[date, date, int]:
        facts = self._faq.facts
        return facts["start_date"], facts["race_date"], facts["runtime_minutes"]  # type: ignore[return-value]

    def _clock(self, now: datetime) -> State:
        from bot.countdown import clock_state

        start, race, _ = self._dates()
        return clock_state(now, start, race, self._timezone)


def _speaks(language: Language, entry: str) -> bool:
    """Whether there is such an entry, and it has an answer to show."""
    return entry in language.entries and language.entries[entry].kind != "offtopic"


def _answer_button(language: Language, entry: str) -> Button:
    return Button(language.entries[entry].label, f"answer:{language.code}:{entry}")


def _pack(language: Language, learning: Learning) -> LanguagePack:
    pairs = [(entry.id, question) for entry in language.entries.values() for question in entry.utterances]
    matcher = Matcher(pairs, analyzer=analyzer_of(language), learning=learning)
    topics: Mapping[str, str] = {
        entry.id: {"answer": "content", "unknown": "content"}.get(entry.kind, entry.kind)
        for entry in language.entries.values()
    }
    return LanguagePack(
        matcher,
        topics,  # type: ignore[arg-type]
        frozenset(map(fold, language.connectives)),
        frozenset(map(fold, language.subjects)),
        frozenset(map(fold, language.question_words)),
        frozenset(map(fold, language.yes_no)),
    )
