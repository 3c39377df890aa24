"""The HTTP client below python-telegram-bot: tells how each call went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telegram.error import TimedOut
from telegram.request import HTTPXRequest

from bot.telegram.reader import Reader

Called = Callable[[str, str], None]
"""Is told of each call: its method, and its outcome: "ok", another HTTP status, "timeout" or "network"."""


class Wire(HTTPXRequest):
    """Calls the Bot API as its base does, with the same arguments besides `called`."""

    def __init__(self, called: Called, **options: Any) -> None:
        super().__init__(**options)
        self._called = called
        self._reader = Reader()

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Status and body of the answer, as `telegram.request.BaseRequest` wants it."""
        name = url.rsplit("/", 1)[-1]
        try:
            status, body = await super().do_request(url, method, *args, **kwargs)
        except TimedOut:
            self._called(name, "timeout")
            raise
        except Exception:
            self._called(name, "network")
            raise
        ok = 200 <= status < 300
        self._called(name, "ok" if ok else str(status))
        return status, self._reader.readable_answer(body) if ok and name == "getUpdates" else body
