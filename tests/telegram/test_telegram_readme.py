"""The README's transcripts of Telegram: played again, with the real bot, they read as they stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botapi import BotApi
from conftest import serving
from people import Chat, Keyboard, Sent, Shared, User

from bot.assistant import SHIPPED_FAQ, Assistant, load_knowledge

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.partition("## What it looks like")[2].partition("\n## ")[0]
TRANSCRIPTS = dict(re.findall(r"^(In .*?):\n\n```\n(.*?)\n```$", SECTION, re.MULTILINE | re.DOTALL))

STEP = re.compile(r"(?P<who>Anna|Ben)(?P<what> answers the bot| taps| types| chooses|)(?:: | )(?P<text>.+)")


class Player:
    """Does what people do in a transcript, and writes down all that happens."""

    def __init__(self, api: BotApi, *, group: bool) -> None:
        self.api = api
        self.people = {"Anna": api.user("de", "Anna"), "Ben": api.user("en", "Ben")}
        self.group = api.group() if group else None
        self.lines: list[str] = []
        self.results: list[dict[str, Any]] = []
        self.last: Sent | Shared | None = None

    async def play(self, transcript: str) -> str:
        for line in transcript.splitlines():
            if step := STEP.fullmatch(line):
                self.lines.append(line)
                await self._do(self.people[step["who"]], step["what"].strip(), step["text"])
        return "\n".join(self.lines)

    async def _do(self, who: User, what: str, text: str) -> None:
        chat = self.group or who
        if what == "types":  # the bot's name, and then what is searched for
            self.results = await who.search(text.partition(" ")[2]).results()
            for result in self.results:
                self.lines.append(f"  {result['title']}  –  {result['description']}")
        elif what == "chooses":
            chosen = next(each for each in self.results if each["title"] == text)
            self.last = who.post(chosen)
            self._shows("Posted", self.last.text, self.last)
        elif what == "taps" and isinstance(self.last, Shared):
            who.press_shared(self.last, text)
            await self.last.next_edit()
            self._shows("Now it reads", self.last.text, self.last)
        elif what == "taps":
            assert isinstance(self.last, Sent)
            if self.last.buttons[text].startswith(("choose", "refresh")):
                who.press(self.last, text)
                self.last = await chat.next_edit()
                self._shows("Now it reads", self.last.text, self.last)
            else:
                last = self.last
                await self._hear(chat, lambda: who.press(last, text))
        elif what == "answers the bot":
            assert isinstance(self.last, Sent)
            answered = self.last
            await self._hear(chat, lambda: who.send(text, chat=chat, answers=answered))
        else:
            await self._hear(chat, lambda: who.send(text, chat=chat))

    async def _hear(self, chat: Chat, act: Callable[[], object]) -> None:
        before = len(chat.received)
        act()
        # What is confirmed is answered, or met with silence.
        await self.api.until(lambda: not self.api.pending)
        for reply in chat.received[before:]:
            self.last = reply
            self._shows("Bot in reply" if reply.answers else "Bot", reply.text, reply)

    def _shows(self, who: str, text: str, keyboard: Keyboard) -> None:
        first, *rest = text.split("\n")
        self.lines += [f"{who}: {first}", *(f"  {line}".rstrip() for line in rest)]
        self.lines += ["  " + " ".join(f"[{key['text']}]" for key in row) for row in keyboard.rows]


@pytest.fixture(scope="module")
def real() -> Assistant:
    """The assistant with the FAQ that ships."""
    return Assistant(load_knowledge(SHIPPED_FAQ), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("place", ["In a private chat", "In a group", "In any other chat"])
async def test_a_transcript_is_what_happens(api: BotApi, real: Assistant, place: str) -> None:
    api.me["username"] = "lemans_bot"
    async with serving(api, real):
        player = Player(api, group=place == "In a group")
        assert await player.play(TRANSCRIPTS[place]) == TRANSCRIPTS[place]


def test_there_are_transcripts_of_all_places() -> None:
    assert set(TRANSCRIPTS) == {"In a private chat", "In a group", "In any other chat"}
