"""The bot in a terminal: the chat, and replies to questions that come as arguments or lines."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TextIO

from bot.errors import SettingsError
from bot.reply import BOLD

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.faq import Faq
    from bot.reply import Reply

Clock = Callable[[], datetime]
"""The time, with its zone."""

Listener = Callable[[str, "Reply"], None]
"""Told of every question and its reply, such as `QuestionLog.heard`."""

MAX_WIDTH = 100
"""Longer lines are hard to read, however wide the terminal is."""

BULLET = re.compile(r"\s*(?:[•–-]|\d+[.)])?\s+(?=\S)|")
"""What stands before the words of a line; the lines it is wrapped into are indented by as much."""

START, END = "\x01", "\x02"
"""Stand-ins for bold on and off while lines are wrapped; one character each, and never in a text."""

UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters: a reply may quote what somebody typed."""


@dataclass(frozen=True)
class Style:
    """How replies look: wrapped to `width` columns unless that is None, `bold` in ANSI codes or not."""

    width: int | None = None
    bold: bool = False

    @classmethod
    def of(cls, stream: TextIO, env: Mapping[str, str] = os.environ) -> Style:
        """What suits `stream`: a terminal has a width and, unless NO_COLOR is set, bold; a file neither."""
        if not stream.isatty():
            return cls()
        width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
        return cls(width, not env.get("NO_COLOR") and env.get("TERM") != "dumb")

    def render(self, reply: Reply) -> str:
        """The reply's text, its buttons numbered below it."""
        marked = BOLD.sub(rf"{START}\1{END}", UNSAFE.sub("", reply.text))
        lines = [part for line in marked.split("\n") for part in self._wrapped(line)]
        if reply.buttons:
            lines.append("")
        for number, button in enumerate(reply.buttons, 1):
            lines.append(f"  {START}[{number}]{END} {UNSAFE.sub('', button.label)}")
        text = "\n".join(lines)
        on, off = ("\x1b[1m", "\x1b[22m") if self.bold else ("", "")
        return text.replace(START, on).replace(END, off)

    def _wrapped(self, line: str) -> list[str]:
        if self.width is None or len(line) <= self.width:
            return [line]
        bullet = BULLET.match(line)
        indent = " " * (len(bullet[0]) if bullet else 0)
        return textwrap.wrap(line, max(self.width, 20), subsequent_indent=indent, break_on_hyphens=False)


class Terminal:
    """What the user types, line by line, and what they see. Remembers nothing beyond the process."""

    def __init__(self, stdin: TextIO, stdout: TextIO, env: Mapping[str, str] = os.environ) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._style = Style.of(stdout, env)
        self.interactive = stdin.isatty() and stdout.isatty()
        if self.interactive:
            with suppress(ImportError):
                # Arrow keys and a history, as soon as it is imported: input() uses it.
                import readline

                # Else it completes the names of files.
                readline.parse_and_bind("tab: self-insert")

    def read(self) -> str | None:
        """The next line; None when the user wants to leave, by the end of the input or Ctrl-C."""
        try:
            if self.interactive:
                return input("> ")
            line = self._stdin.buffer.readline()
        except (EOFError, KeyboardInterrupt):
            if self.interactive:
                self._stdout.write("\n")
            return None
        return decoded(line) if line else None

    def write(self, reply: Reply) -> None:
        """Show a reply."""
        self._stdout.write(self._style.render(reply) + "\n\n")
        self._stdout.flush()


def chat(
    assistant: Assistant,
    terminal: Terminal,
    clock: Clock,
    *,
    language: str | None,
    heard: Listener | None = None,
) -> None:
    """Talk until the user leaves. A number presses the button of that number below the last reply."""
    last = assistant.reply("/start", now=clock(), language=language)
    terminal.write(last)
    terminal.write(assistant.say("console_hint", last.language))
    while (line := terminal.read()) is not None:
        text = line.strip()
        if text.casefold() == "/quit":
            break
        number = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0
        if 1 <= number <= len(last.buttons):
            last = assistant.press(last.buttons[number - 1].action, now=clock())
        else:
            last = assistant.reply(line, now=clock(), language=last.language)
            if heard:
                heard(line, last)
        terminal.write(last)
    terminal.write(assistant.say("console_goodbye", last.language))


def ask(
    assistant: Assistant,
    questions: Iterable[str],
    clock: Clock,
    *,
    language: str | None,
    as_json: bool,
    heard: Listener | None = None,
) -> None:
    """Print one reply per question to standard output, as soon as the question is there."""
    if as_json and isinstance(sys.stdout, io.TextIOWrapper):
        # Whatever the terminal speaks, JSON is UTF-8.
        sys.stdout.reconfigure(encoding="utf-8")
    style = Style.of(sys.stdout)
    for number, question in enumerate(questions):
        reply = assistant.reply(question, now=clock(), language=language)
        if heard:
            heard(question, reply)
        if number and not as_json:
            sys.stdout.write("\n")
        sys.stdout.write((as_object(question, reply) if as_json else style.render(reply)) + "\n")
        sys.stdout.flush()


def as_object(question: str, reply: Reply) -> str:
    """A question and its reply as one line of JSON. Other people's tools rely on these fields."""
    fields = {
        "question": question,
        "language": reply.language,
        "kind": reply.kind,
        "topics": list(reply.topics),
        "score": round(reply.score, 3),
        "text": reply.plain,
        "buttons": [button.label for button in reply.buttons],
    }
    return json.dumps(fields, ensure_ascii=False)


def questions_of(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines of standard input as questions, blank ones too, so that replies can be counted off."""
    return map(decoded, lines)


def decoded(line: bytes) -> str:
    """A line as text, without its end; what is not UTF-8 in it becomes the replacement character."""
    return line.decode("utf-8", "replace").rstrip("\r\n").removeprefix("\ufeff")


def typed(argument: str) -> str:
    """An argument of the command line as text: Python hides bytes that are not UTF-8 in lone surrogates."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def figures(faq: Faq) -> str:
    """What a FAQ holds, in a line."""
    languages = faq.languages.values()
    ids = {entry for language in languages for entry in language.entries}
    phrasings = sum(len(texts) for language in languages for texts in language.phrasings.values())
    return f"The FAQ is good: {', '.join(faq.languages)}; {len(ids)} entries, {phrasings} phrasings"


def clock_at(time: str | None, zone: tzinfo) -> Clock:
    """A clock that stands at `time` (ISO 8601; in `zone` if it names none), or one that runs when it is None.

    Raises SettingsError when `time` is none.
    """
    if time is None:
        return lambda: datetime.now(zone)
    try:
        given = datetime.fromisoformat(time)
        # Beyond these years, counting soon leads past an end of Python's calendar.
        if not 1000 <= given.year < 9000:
            raise ValueError
    except ValueError:
        raise SettingsError(
            f"--now is {time[:40]!r}, which is no time that can be counted from: give it as 2017-06-08T20:00."
        ) from None
    moment = given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)
    return lambda: moment


def locale_language(env: Mapping[str, str]) -> str | None:
    """The language of the user's terminal as Telegram names it: `de_DE.UTF-8` is "de-DE", `C` is None."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := env.get(name):
            language = re.split(r"[.@]", value)[0].replace("_", "-")
            return None if language in ("C", "POSIX", "") else language
    return None
