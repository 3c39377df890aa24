"""The bot on Telegram: puts the parts together, starts them, and ends them at a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import AIORateLimiter, Application

from bot.errors import BotError, TelegramError, TokenError
from bot.review import QuestionLog
from bot.telegram.flood import FloodGate
from bot.telegram.handlers import ALLOWED_UPDATES, Handlers
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.polling import Poller, wait_for_telegram
from bot.telegram.profile import introduce
from bot.telegram.redact import hidden_token

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.settings import Settings

log = logging.getLogger(__name__)

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def run(settings: Settings, assistant: Assistant) -> None:
    """Answers on Telegram by long polling until SIGINT or SIGTERM; returns when all is finished.

    Raises TokenError when the token is missing, malformed or refused, TelegramError when something
    unforeseen ends the bot. No output ever holds the token.
    """
    token = valid_token(settings.token)
    if settings.webhook_url:
        log.warning("WEBHOOK_URL is set, but this version knows long polling only: it polls")
    with hidden_token(token) as redact:
        try:
            asyncio.run(_until_signal(settings, assistant))
        except BotError:
            raise
        except Exception as error:
            log.exception("the bot ends")
            raise TelegramError(redact(f"the bot ended, which is a defect: {error!r}")) from None


async def serve(settings: Settings, assistant: Assistant, stop: asyncio.Event) -> None:
    """Answers on Telegram until `stop` is set, then finishes what was fetched. Raises TokenError."""
    # Durations as timedelta: else each 429 ends in a deprecation warning. Read when an error is made.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    application = build(settings, assistant)
    gate = FloodGate(lambda update: _handles(application, update))
    poller = Poller(application.bot, Inbox(application.process_update, gate.judge), ALLOWED_UPDATES)

    async def work() -> None:
        await wait_for_telegram(lambda: _start(application))
        log.info("@%s answers on Telegram (long polling)", application.bot.username)
        if not application.bot.supports_inline_queries:
            log.info("inline mode is off, so nobody can share answers: /setinline at @BotFather turns it on")
        introduction = asyncio.create_task(introduce(application.bot, assistant))
        try:
            await poller.run()
        finally:
            introduction.cancel()

    working = asyncio.create_task(work())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working  # raises what ended it
        log.info("stopping")
        # More than once: somewhere below, a library may swallow a cancellation.
        while not working.done():
            working.cancel()
            await asyncio.wait((working,), timeout=0.1)
        await poller.stop()
    finally:
        stopping.cancel()
        working.cancel()
        await poller.abandon()
        await application.shutdown()
        # The application leaves its bot's connections open when it never came to be initialized.
        await application.bot.shutdown()


def build(settings: Settings, assistant: Assistant) -> AnyApplication:
    """The application with its handlers; it has not talked to Telegram yet. Raises TokenError."""
    api = settings.api_url.rstrip("/")
    application = (
        Application.builder()
        .token(valid_token(settings.token))
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .rate_limiter(_limiter(settings.send_rate))
        # Neither is used: updates come from bot.telegram.polling, and nothing is done at set times.
        .updater(None)
        .job_queue(None)
        .build()
    )
    handlers = Handlers(
        assistant,
        Outbox(application.bot),
        clock=lambda: datetime.now(settings.timezone),
        heard=QuestionLog(settings.question_log).heard if settings.question_log else None,
    )
    handlers.register(application)
    return application


def _handles(application: AnyApplication, update: Update) -> bool:
    """Whether there is a handler for the update."""
    handlers = (each for group in application.handlers.values() for each in group)
    return any(handler.check_update(update) not in (None, False) for handler in handlers)


def _limiter(rate: float) -> AIORateLimiter:
    if not rate:
        return AIORateLimiter(overall_max_rate=0, group_max_rate=0)
    # Its bucket must hold at least one message.
    return AIORateLimiter(overall_max_rate=max(rate, 1), overall_time_period=max(1 / rate, 1))


def valid_token(token: str | None) -> str:
    """The token, if it has the form of one; nothing is asked of Telegram. Raises TokenError."""
    if not token:
        raise TokenError(
            "TELEGRAM_BOT_TOKEN is not set: without a token the bot cannot log in. "
            "Get one from @BotFather on Telegram (/newbot) and set the variable to it."
        )
    if not TOKEN.fullmatch(token):
        raise TokenError(
            "TELEGRAM_BOT_TOKEN is malformed: Telegram would refuse it. A token is digits, a colon, and "
            "letters, digits, - or _, without blanks or quotes; copy it whole from @BotFather (/mybots)."
        )
    return token


async def _start(application: AnyApplication) -> None:
    await application.initialize()
    # With a webhook set, getUpdates is refused.
    if (await application.bot.get_webhook_info()).url:
        await application.bot.delete_webhook()
        log.info("a webhook was still set for this bot: removed, as it polls now")


async def _until_signal(settings: Settings, assistant: Assistant) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, assistant, stop)
