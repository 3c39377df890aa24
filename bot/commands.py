"""`Commands`: the commands of all languages, by all their names, and what each replies."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.buttons import answer_button, command_button, command_elsewhere, refresh_button, share_of
from bot.faq import Faq, Language
from bot.reply import Reply, Share
from bot.text import fold

if TYPE_CHECKING:
    from bot.countdown import State

COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
"""A message that is a command: its name, and what follows it."""

MENU = ("topics", "countdown", "episodes")
"""What is offered to somebody who is new or needs help."""


class Commands:
    """What is said on commands, apart from the answers of entries."""

    def __init__(self, faq: Faq, timezone: ZoneInfo) -> None:
        self._faq = faq
        self._timezone = timezone
        self._names: dict[str, list[tuple[str, str]]] = {}
        for code, language in faq.languages.items():
            for command, spec in language.commands.items():
                for name in spec.names:
                    self._names.setdefault(fold(name), []).append((code, command))

    def find(self, name: str, hint: str) -> tuple[str, str] | None:
        """The language and the id of the command that is called `name`; `hint` where both languages do."""
        known = self._names.get(fold(name))
        if not known:
            return None
        return next(((code, command) for code, command in known if code == hint), known[0])

    def run(self, command: str, argument: str, code: str, now: datetime) -> Reply:
        """The reply to a command that exists."""
        language = self._faq.languages[code]
        if command == "countdown":
            return self._countdown(language, now)
        if command == "episodes":
            return self._episodes(language, argument, now)
        if command == "topics":
            return self._topics(language)
        phrases = language.phrases
        buttons = [command_button(language, each) for each in MENU] if command in ("start", "help") else []
        buttons += command_elsewhere(self._faq, language, command, "")
        # A FAQ of another series may know no cast.
        return Reply(
            "smalltalk", code, phrases.get(command, phrases["help"]), score=1.0, buttons=tuple(buttons)
        )

    def unknown(self, name: str, hint: str) -> Reply:
        """The reply to a command that does not exist: the one that is most like it."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        name = fold(name)
        found = process.extractOne(name[:40], sorted(self._names), scorer=OSA.normalized_similarity)
        nearest = found[0] if found else "help"
        code, command = self.find(nearest, hint) or (hint, "help")
        text = self._faq.languages[hint].phrases["unknown_command"].format(command=name[:40], nearest=nearest)
        button = command_button(self._faq.languages[code], command, f"/{nearest}")
        return Reply("smalltalk", hint, text, score=1.0, buttons=(button,))

    def clock(self, now: datetime) -> State:
        """Where `now` stands among the dates of the series."""
        from bot.countdown import clock_state

        start, race, _ = self._dates()
        return clock_state(now, start, race, self._timezone)

    def _topics(self, language: Language) -> Reply:
        buttons = [answer_button(language, entry) for entry in language.topics]
        buttons += command_elsewhere(self._faq, language, "topics", "")
        return Reply(
            "smalltalk", language.code, language.phrases["topics"], score=1.0, buttons=tuple(buttons)
        )

    def _countdown(self, language: Language, now: datetime) -> Reply:
        from bot.countdown import countdown, countdown_text

        start, race, runtime = self._dates()
        count = countdown(now, start=start, race=race, runtime_minutes=runtime, tz=self._timezone)
        text = countdown_text(count, language.phrases, language.locale)
        elsewhere = command_elsewhere(self._faq, language, "countdown", "")
        buttons = (refresh_button(language, "countdown"), *elsewhere)
        share = _share(language, "countdown", "")
        return Reply("answer", language.code, text, ("countdown",), 1.0, buttons, share)

    def _episodes(self, language: Language, argument: str, now: datetime) -> Reply:
        from bot.episodes import Schedule, clean, episode_number, episodes_text

        facts = self._faq.facts
        text = episodes_text(
            Schedule(int(str(facts["episodes"])), int(str(facts["minutes_per_episode"]))),
            language.phrases,
            language.locale,
            now=now,
            tz=self._timezone,
            argument=argument,
            words=language.numbers,
            released=self.clock(now) != "before_start",
        )
        said = clean(argument)
        number = episode_number(said, language.numbers)
        # In digits, which every language reads.
        said = said if number is None else str(number)
        elsewhere = command_elsewhere(self._faq, language, "episodes", said)
        share = None if said and number is None else _share(language, "episodes", said)
        return Reply("answer", language.code, text, ("episodes",), 1.0, elsewhere, share)

    def _dates(self) -> tuple[date, date, int]:
        facts = self._faq.facts
        return facts["start_date"], facts["race_date"], facts["runtime_minutes"]  # type: ignore[return-value]


def _share(language: Language, command: str, argument: str) -> Share:
    return share_of(language, f"/{language.commands[command].names[0]} {argument}".rstrip())
