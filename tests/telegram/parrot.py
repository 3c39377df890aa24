"""An assistant for tests of the edge: `bot.assistant.Assistant`'s interface, repeating what it hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.profile import Profile
from bot.reply import Article, Button, Kind, Lookup, Reply, Share

BUTTONS = (
    Button("Refresh", "refresh:en:countdown"),
    Button("Another", "answer:en:start"),
    Button("Did you mean the start of the series?", "choose:en:start"),
    Button("Odd", "moon:xx"),
)


class Parrot:
    """Answers at once and predictably; `/countdown` has a button that refreshes it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None]] = []
        self.pressed: list[str] = []
        self.tick = 0

    def reply(self, text: str, *, now: datetime, language: str | None = None) -> Reply:
        assert now.tzinfo is not None
        self.heard.append((text, language))
        if text == "boom":
            raise RuntimeError("the assistant fell over a bug")
        return _said(f"*You said:* {text}", "answer", language, BUTTONS)

    def overheard(self, text: str, *, now: datetime, language: str | None = None) -> Reply | None:
        """Takes "lol" for a remark among people."""
        return None if text == "lol" else self.reply(text, now=now, language=language)

    def press(self, action: str, *, now: datetime, language: str | None = None) -> Reply:
        self.pressed.append(action)
        if action == "refresh:en:countdown":
            buttons = (Button("Refresh", "refresh:en:countdown"),)
            return _said(f"tick {self.tick}", "answer", "en", buttons)
        return _said(f"pressed {action}", "answer", "en")

    def lookup(self, search: str, *, now: datetime, language: str | None = None) -> Lookup:
        """Finds what it hears; nothing for "xyzzy"; what nobody has typed depends on who asks."""
        words = search.split() if search != "xyzzy" else []
        articles = [
            Article(word, replace(_said(f"*{word}* <found>\nmore", "answer", "en", BUTTONS), topics=(word,)))
            for word in words
        ]
        return Lookup(tuple(articles), personal=not words, otherwise="Nothing found")

    def say(self, phrase: str, language: str | None, **values: str) -> Reply:
        return _said(" ".join([f"phrase {phrase}", *values.values()]), "smalltalk", language)

    languages = ("de", "en")

    def profile(self, language: str | None) -> Profile:
        code = "de" if language == "de" else "en"
        return Profile(f"Long {code}", f"Short {code}", (("help", code), ("start", code)), (("help", code),))


def _said(text: str, kind: Kind, language: str | None, buttons: tuple[Button, ...] = ()) -> Reply:
    code = "de" if (language or "").startswith("de") else "en"
    share = Share("Share", "when does it start") if kind == "answer" else None
    return Reply(kind, code, text, ("start",), 1.0, buttons, share)
