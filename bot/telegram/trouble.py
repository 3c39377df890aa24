"""A stretch of failed calls to Telegram: a line when it begins and when it ends, growing pauses between."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from time import monotonic

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.errors import TokenError

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

CONFLICT_QUIET = 60.0
"""Seconds without a conflict after which it counts as over: two processes that poll in turn both get through
now and then."""

NO_WRITING = ("not enough rights", "have no rights", "write_forbidden", "topic_closed", "thread not found")
"""How Telegram's descriptions say that a bot may not write in a chat or topic, where it is no 403."""


class Trouble:
    """Keeps the account of one stretch."""

    def __init__(self) -> None:
        self._attempt = 1
        self._said: set[str] = set()
        self._last_conflict = 0.0

    async def meet(self, error: Exception) -> None:
        """Says what is wrong, unless that was said in this stretch, and waits before the next attempt."""
        kind, line = _explain(error)
        if isinstance(error, Conflict):
            self._last_conflict = monotonic()
        if kind not in self._said:
            self._said.add(kind)
            log.warning(line, exc_info=None if isinstance(error, TelegramError) else error)
        await asyncio.sleep(max(growing_pause(self._attempt), asked_pause(error)))
        self._attempt += 1

    def over(self) -> None:
        """A call has succeeded."""
        self._attempt = 1
        if self._last_conflict and monotonic() - self._last_conflict < CONFLICT_QUIET:
            return
        if self._said:
            log.info("Telegram answers again")
            self._said.clear()
        self._last_conflict = 0.0


def unwelcome(error: BaseException | None) -> bool:
    """Whether the bot may not write there: blocked, removed or muted, or the topic was closed or deleted."""
    if isinstance(error, BadRequest):
        return any(words in str(error).lower() for words in NO_WRITING)
    return isinstance(error, Forbidden)


def refused(error: BaseException, *, starting: bool) -> bool:
    """Whether Telegram does not accept the token.

    While the bot runs, only what the Bot API itself says counts: a proxy's own 404 page passes.
    """
    if not isinstance(error, InvalidToken):
        return False
    return starting or not isinstance(error.__cause__, TelegramError)


def refused_token() -> TokenError:
    """The error to raise then, `from None`: python-telegram-bot's own quotes the token."""
    return TokenError(
        "Telegram refuses the token in TELEGRAM_BOT_TOKEN (mistyped, revoked, or meant for another "
        "TELEGRAM_API_URL): the bot cannot log in. Copy the current one from @BotFather and start again."
    )


def _explain(error: Exception) -> tuple[str, str]:
    """A name for the kind of trouble, and the line that says what it is and what helps."""
    if isinstance(error, Conflict) and "webhook" in str(error).lower():
        return "webhook", (
            "a webhook was set for this bot while it polls, so Telegram delivers its updates there: stop the "
            "process that sets it, or restart this one, which removes it; trying again"
        )
    if isinstance(error, Conflict):
        return "conflict", (
            "another process polls Telegram with the same token, so each gets only some of the updates: stop "
            "the other one, or give this one a token of its own; trying again"
        )
    if isinstance(error, RetryAfter):
        return "limit", f"Telegram asks for a pause: {one_line(error)}; waiting"
    if isinstance(error, BadRequest):
        return "refusal", (
            f"Telegram refuses what it is asked ({one_line(error)}): with a webhook, check that WEBHOOK_URL "
            "is an address that it can reach; trying again"
        )
    if isinstance(error, TelegramError):
        return "network", (
            f"Telegram cannot be reached ({one_line(error)}): check the network and TELEGRAM_API_URL; "
            "trying again"
        )
    return "defect", f"polling failed: {type(error).__name__}; trying again"


def one_line(error: BaseException) -> str:
    """What the error says, on one line and not endless: it may quote a whole page of HTML."""
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else f"{text[:160]}…"


def growing_pause(attempt: int) -> float:
    """Seconds to wait after so many failed attempts: twice as many each time, up to a limit."""
    return min(FIRST_PAUSE * 2.0 ** min(attempt - 1, 60), LONGEST_PAUSE)


def asked_pause(error: BaseException) -> float:
    """Seconds for which Telegram asked to be left alone, if it did."""
    if not isinstance(error, RetryAfter):
        return 0.0
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
