"""The bot's own process with one bug in it: `python -m tests.telegram.stumbling run` falls over "boom"."""

from __future__ import annotations

from datetime import datetime

from bot.assistant import Assistant
from bot.cli import main
from bot.reply import Reply

_reply = Assistant.reply


def _stumble(self: Assistant, text: str, *, now: datetime, language: str | None = None) -> Reply:
    if text == "boom":
        raise RuntimeError("the assistant fell over a bug")
    return _reply(self, text, now=now, language=language)


if __name__ == "__main__":
    Assistant.reply = _stumble  # type: ignore[method-assign]
    main()
