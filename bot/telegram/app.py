"""The bot on Telegram: puts the parts together, starts them, and ends them at a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import telegram.error
from telegram import Bot, Update
from telegram.ext import Application

from bot.errors import BotError, TelegramError, TokenError
from bot.review import QuestionLog
from bot.telegram.flood import FloodGate
from bot.telegram.handlers import ALLOWED_UPDATES, Handlers
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.patience import PatientLimiter
from bot.telegram.polling import Poller, wait_for_telegram
from bot.telegram.profile import introduce
from bot.telegram.redact import Redactor, hidden_token
from bot.telegram.trouble import one_line, refused, refused_token
from bot.telegram.watch import Watch
from bot.telegram.webhook import Webhook
from bot.telegram.wire import Wire

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.settings import Settings

log = logging.getLogger(__name__)

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def run(settings: Settings, assistant: Assistant) -> None:
    """Answers on Telegram until SIGINT or SIGTERM; returns when all is finished.

    By webhook where `settings` have its address, else by long polling. Raises TokenError when the token is
    missing, malformed or refused, SettingsError when nothing can listen at host and port, TelegramError when
    something unforeseen ends the bot. No output ever holds the token.
    """
    with _secrets_hidden(settings) as redact:
        try:
            asyncio.run(_until_signal(settings, assistant))
        except BotError:
            raise
        except Exception as error:
            log.exception("the bot ends")
            raise TelegramError(redact(f"the bot ended, which is a defect: {error!r}")) from None


async def serve(settings: Settings, assistant: Assistant, stop: asyncio.Event) -> None:
    """Answers on Telegram until `stop` is set, then finishes what is in work. Raises as `run`."""
    # Durations as timedelta: else each 429 ends in a deprecation warning. Read when an error is made.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    source_type = Webhook if settings.webhook_url else Poller
    watch = Watch(settings, source_type.method)
    wire = Wire(settings.api_url, watch.called)
    application = build(settings, assistant, wire, watch)
    gate = FloodGate(lambda update: _handles(application, update))
    source = _source(settings, application.bot, wire, Inbox(application.process_update, gate.judge))
    watch.open(source)

    async def begin() -> None:
        await application.initialize()
        await source.start()

    async def work() -> None:
        await wait_for_telegram(begin)
        log.info("@%s answers on Telegram (%s)", application.bot.username, source.way)
        if not application.bot.supports_inline_queries:
            log.info("inline mode is off, so nobody can share answers: /setinline at @BotFather turns it on")
        introduction = asyncio.create_task(introduce(application.bot, assistant))
        try:
            await source.run()
        finally:
            introduction.cancel()

    working = asyncio.create_task(work())
    stopping = asyncio.create_task(stop.wait())
    listening = asyncio.create_task(watch.ended())
    try:
        await asyncio.wait((working, stopping, listening), return_when=asyncio.FIRST_COMPLETED)
        for task in (working, listening):
            if task.done():
                await task  # raises what ended it
        log.info("stopping")
        watch.health.end()
        # More than once: somewhere below, a library may swallow a cancellation.
        while not working.done():
            working.cancel()
            await asyncio.wait((working,), timeout=0.1)
        await source.stop()
    finally:
        stopping.cancel()
        listening.cancel()
        working.cancel()
        await source.abandon()
        await watch.close()
        await application.shutdown()
        # The application leaves its bot's connections open when it never came to be initialized.
        await application.bot.shutdown()


def build(settings: Settings, assistant: Assistant, wire: Wire, watch: Watch) -> AnyApplication:
    """The application with its handlers; it has not called over `wire` yet. Raises TokenError."""
    api = settings.api_url.rstrip("/")
    application = (
        Application.builder()
        .token(valid_token(settings.token))
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .request(wire)
        .get_updates_request(wire)
        .rate_limiter(_limiter(settings.send_rate))
        # Neither is used: updates come from a Poller or a Webhook, and nothing is done at set times.
        .updater(None)
        .job_queue(None)
        .build()
    )
    handlers = Handlers(
        assistant,
        Outbox(application.bot),
        clock=lambda: datetime.now(settings.timezone),
        heard=QuestionLog(settings.question_log).heard if settings.question_log else None,
        answered=watch.answered,
    )
    handlers.register(application)
    return application


def _source(settings: Settings, bot: Bot, wire: Wire, inbox: Inbox) -> Poller | Webhook:
    if settings.webhook_url and settings.webhook_secret:
        return Webhook(bot, inbox, ALLOWED_UPDATES, settings.webhook_url, settings.webhook_secret)
    return Poller(bot, wire, inbox, ALLOWED_UPDATES)


def delete_webhook(settings: Settings) -> str:
    """Removes the webhook at Telegram, so that a bot can poll again; one line that says what was done.

    Updates that wait stay. Raises TokenError as `run`, TelegramError when Telegram cannot be reached.
    """

    async def delete() -> str:
        wire = Wire(settings.api_url)
        async with Bot(
            valid_token(settings.token),
            f"{settings.api_url.rstrip('/')}/bot",
            request=wire,
            get_updates_request=wire,
        ) as bot:
            info = await bot.get_webhook_info()
            if not info.url:
                return f"@{bot.username} has no webhook: nothing to remove."
            await bot.delete_webhook()
            return f"The webhook of @{bot.username} is removed; {info.pending_update_count} updates wait."

    with _secrets_hidden(settings) as redact:
        try:
            return asyncio.run(delete())
        except telegram.error.TelegramError as error:
            if refused(error, starting=True):
                raise refused_token() from None
            raise TelegramError(
                redact(
                    f"Telegram cannot be reached ({one_line(error)}), so the webhook stays as it is: check "
                    "the network and TELEGRAM_API_URL, and try again."
                )
            ) from None


def _secrets_hidden(settings: Settings) -> AbstractContextManager[Redactor]:
    return hidden_token(valid_token(settings.token), settings.webhook_secret or "")


def _handles(application: AnyApplication, update: Update) -> bool:
    """Whether there is a handler for the update."""
    handlers = (each for group in application.handlers.values() for each in group)
    return any(handler.check_update(update) not in (None, False) for handler in handlers)


def _limiter(rate: float) -> PatientLimiter:
    if not rate:
        return PatientLimiter(overall_max_rate=0, group_max_rate=0)
    # Its bucket must hold at least one message.
    return PatientLimiter(overall_max_rate=max(rate, 1), overall_time_period=max(1 / rate, 1))


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


async def _until_signal(settings: Settings, assistant: Assistant) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # From a terminal that closes it is meant to end the bot; from whoever rotates logs, to open them anew, as
    # the question log does for every line.
    closes = sys.stdin is not None and sys.stdin.isatty()
    loop.add_signal_handler(signal.SIGHUP, stop.set if closes else lambda: log.info("SIGHUP: nothing to do"))
    await serve(settings, assistant, stop)
