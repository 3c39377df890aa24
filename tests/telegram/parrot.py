"""An assistant for tests of the edge: `bot.assistant.Assistant`'s interface, repeating what it hears."""

from __future__ import annotations

from datetime import datetime

from bot.reply import Button, Kind, Reply


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
        buttons = (
            Button("Refresh", "refresh:en:countdown"),
            Button("Another", "answer:en:start"),
            Button("Did you mean the start of the series?", "choose:en:start"),
            Button("Odd", "moon:xx"),
        )
        return _said(f"*You said:* {text}", "answer", language, buttons)

    def press(self, action: str, *, now: datetime) -> Reply:
        self.pressed.append(action)
        if action == "refresh:en:countdown":
            buttons = (Button("Refresh", "refresh:en:countdown"),)
            return _said(f"tick {self.tick}", "answer", "en", buttons)
        return _said(f"pressed {action}", "answer", "en")

    def say(self, phrase: str, language: str | None) -> Reply:
        return _said(f"phrase {phrase}", "smalltalk", language)


def _said(text: str, kind: Kind, language: str | None, buttons: tuple[Button, ...] = ()) -> Reply:
    code = "de" if (language or "").startswith("de") else "en"
    return Reply(kind, code, text, topics=("start",), score=1.0, buttons=buttons)
