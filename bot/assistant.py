"""`Assistant`: a question, a command or a button, in a language, at a time -> `Reply`. Decides everything.

It knows nothing of who asks or where: the terminal, Telegram and the evaluation all come in here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.buttons import answer_button, answers_elsewhere, choice_button, command_button, share_of
from bot.cache import cached
from bot.commands import COMMAND, Commands
from bot.faq import Entry, Faq, Language
from bot.finder import Finder
from bot.hearing import Intent, LanguagePack
from bot.interpreter import MAX_INTENTS, Interpretation, Interpreter
from bot.leads import lead_line
from bot.matcher import Matcher
from bot.profile import Profile, profile_of
from bot.reply import Article, Kind, Lookup, Reply
from bot.text import Analyzer, fold
from bot.tuned import LEARNING, THRESHOLDS, Learning, Thresholds

if TYPE_CHECKING:
    from bot.countdown import State

SHIPPED_FAQ = Path(__file__).parent.parent / "faq"

MAX_BUTTONS = 3
"""Related questions under an answer: on a telephone, more would push it off the screen."""


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
    return cached(
        (part for file in files if file.is_file() for part in (file.name, file.read_bytes())), compute
    )


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
        self._interpreter = Interpreter(knowledge.packs, thresholds)
        self._finder = Finder(self._faq, self._packs, self._interpreter, thresholds.floor)
        self._commands = Commands(self._faq, timezone)

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
            return self._command(command[1], (command[2] or "").strip(), hint, now)
        heard = self._interpreter.interpret(text, hint if language else None)
        if heard.outcome == "answer":
            reply = self._answer(heard.language, heard.intents, now, heard.score)
        else:
            reply = self._suggestion(heard) if heard.outcome == "suggestion" else self._fallback(heard)
        return replace(reply, margin=heard.margin)

    def overheard(self, text: str, *, now: datetime, language: str | None = None) -> Reply | None:
        """Answer what was said among people, perhaps to one another; None where silence is better.

        Small talk, what is not understood and commands that do not exist are then hardly meant for the bot.
        Arguments as for `reply`.
        """
        command = COMMAND.fullmatch(text.strip())
        if command and not self._commands.find(command[1], self._speak(language)):
            return None
        reply = self.reply(text, now=now, language=language)
        return reply if command or reply.kind in ("answer", "unknown", "suggestion") else None

    def press(self, action: str, *, now: datetime, language: str | None = None) -> Reply:
        """Answer the press of a button: its `action`, which may be of any age or make.

        `language` is the user's: it counts where the action names none.
        """
        verb, _, rest = action.partition(":")
        code, _, argument = rest.partition(":")
        spoken = self._faq.languages.get(code)
        if spoken and verb in ("answer", "choose"):
            entries = argument.split(",")[:MAX_INTENTS]
            if all(map(spoken.speaks, entries)):
                return self._answer(code, [Intent(entry, 1.0, "") for entry in entries], now, 1.0)
        if spoken and verb in ("command", "refresh"):
            command, _, rest = argument.partition(" ")
            if command in spoken.commands:
                return self._run(command, rest, code, now)
        return self.say("stale_button", code if spoken else language)

    def lookup(self, search: str, *, now: datetime, language: str | None = None) -> Lookup:
        """Replies to choose from for a search: a few words, perhaps half typed, or a command with an answer.

        A blank search finds all topics. `language` is the user's, as in `reply`.
        """
        hint = self._speak(language)
        found = self._articles(search, hint, now)
        others = (code for code in self.languages if code != hint)
        personal = any(self._articles(search, code, now) != found for code in others)
        otherwise = self._faq.languages[hint].phrases["nothing_found"]
        return Lookup(found, personal or not found, otherwise)

    def profile(self, language: str | None) -> Profile:
        """How the bot introduces itself to somebody of this language."""
        return profile_of(self._faq.languages[self._speak(language)])

    def say(self, phrase: str, language: str | None, **values: str) -> Reply:
        """One of the fixed phrases of the language files, by its name, with its fields filled in."""
        code = self._speak(language)
        text = self._faq.languages[code].phrases[phrase].format(**values)
        return Reply("smalltalk", code, text, score=1.0)

    # Questions

    def _answer(self, code: str, intents: Iterable[Intent], now: datetime, score: float) -> Reply:
        """One message that answers each of `intents`, in this order."""
        language = self._faq.languages[code]
        state = self._commands.clock(now)
        entries = [language.entries[intent.entry] for intent in intents]
        texts = [
            self._entry_text(language, entry, intent.clause, state)
            for entry, intent in zip(entries, intents, strict=True)
        ]
        ids = tuple(entry.id for entry in entries)
        kinds: list[Kind] = [entry.kind for entry in entries if entry.kind != "offtopic"]
        kind = next((kind for kind in ("answer", "unknown") if kind in kinds), kinds[0])
        reply = Reply(kind, code, "\n\n".join(texts), ids, score)
        if kind == "smalltalk":
            return reply
        related = dict.fromkeys(each for entry in entries for each in entry.related if each not in ids)
        buttons = [answer_button(language, each) for each in related][:MAX_BUTTONS]
        buttons += answers_elsewhere(self._faq, language, ids)
        share = share_of(language, " ".join(filter(None, (entry.label for entry in entries))))
        return replace(reply, buttons=tuple(buttons), share=share)

    def _entry_text(self, language: Language, entry: Entry, clause: str, state: State) -> str:
        spelt = self._packs[language.code].matcher.spelt(clause)
        lead = lead_line(entry.leads, clause, spelt, language, state)
        return "\n".join(filter(None, (lead, entry.answer)))

    def _suggestion(self, heard: Interpretation) -> Reply:
        language = self._faq.languages[heard.language]
        buttons = tuple(choice_button(language, intent.entry) for intent in heard.intents)
        topics = tuple(intent.entry for intent in heard.intents)
        text = language.phrases["did_you_mean"]
        return Reply("suggestion", language.code, text, topics, heard.score, buttons)

    def _fallback(self, heard: Interpretation) -> Reply:
        language = self._faq.languages[heard.language]
        reasons = [language.entries[intent.entry].answer for intent in heard.intents]
        text = next(filter(None, reasons), language.phrases["fallback"])
        return Reply("fallback", language.code, text, (), heard.score, (command_button(language, "topics"),))

    def _articles(self, search: str, hint: str, now: datetime) -> tuple[Article, ...]:
        search = search.strip()
        # People leave out the slash.
        written = f"/{search}" if self._commands.find(search, hint) else search
        if command := COMMAND.fullmatch(written):
            reply = self._command(command[1], (command[2] or "").strip(), hint, now)
            if reply.kind == "answer":
                language, topic = self._faq.languages[reply.language], reply.topics[0]
                title = language.phrases.get(f"{topic}_button") or language.entries[topic].label
                return (Article(title, reply),)
        code, found = self._finder.find(search, hint)
        entries = self._faq.languages[code].entries
        return tuple(
            Article(entries[intent.entry].label, self._answer(code, (intent,), now, intent.score))
            for intent in found
        )

    # Commands

    def _command(self, name: str, argument: str, hint: str, now: datetime) -> Reply:
        if found := self._commands.find(name, hint):
            code, command = found
            return self._run(command, argument, code, now)
        return self._commands.unknown(name, hint)

    def _run(self, command: str, argument: str, code: str, now: datetime) -> Reply:
        entry = argument if command == "start" else command
        if command in ("start", "cast") and self._faq.languages[code].speaks(entry):
            return self._answer(code, (Intent(entry, 1.0, ""),), now, 1.0)
        return self._commands.run(command, argument, code, now)

    # What all of them need

    def _speak(self, language: str | None) -> str:
        """The language to speak with a user of `language` (a code such as `de-AT`), if nothing else tells."""
        code = (language or "").replace("_", "-").split("-")[0].casefold()
        if code in self._faq.languages:
            return code
        return "en" if "en" in self._faq.languages else self.languages[0]


def _pack(language: Language, learning: Learning) -> LanguagePack:
    matcher = Matcher(language.pairs, analyzer=analyzer_of(language), learning=learning)
    return LanguagePack(
        matcher,
        {entry.id: entry.kind for entry in language.entries.values()},
        frozenset(map(fold, language.connectives)),
        frozenset(map(fold, language.subjects)),
        frozenset(map(fold, language.question_words)),
        frozenset(map(fold, language.yes_no)),
    )
