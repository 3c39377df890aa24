"""Whether the bot can serve: a process that lives and hears nothing must not look well."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

STALE = 180.0
"""Seconds without an answer from Telegram after which the bot does not count as healthy."""


class Health:
    """Listens to the calls of one method, which the bot repeats as long as it hears Telegram.

    By the monotonic clock: a wall clock that is set does not make it ill.
    """

    def __init__(self, method: str, clock: Callable[[], float] = monotonic) -> None:
        self._method = method
        self._clock = clock
        self._answered: float | None = None
        self._ending = False

    def called(self, method: str, outcome: str) -> None:
        """A call to Telegram has come to its end, as `bot.telegram.wire.Called`."""
        if method == self._method and outcome == "ok":
            self._answered = self._clock()

    def end(self) -> None:
        """From now on the bot is about to end."""
        self._ending = True

    @property
    def ailment(self) -> str | None:
        """Why the bot cannot serve, in one line; None when it can."""
        if self._ending:
            return "the bot is stopping"
        if self._answered is None:
            return "Telegram has not answered yet"
        silence = self._clock() - self._answered
        if silence > STALE:
            return f"Telegram has not answered for {silence:.0f} seconds"
        return None
