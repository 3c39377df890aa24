"""Updates that Telegram delivers: the webhook is set, watched, and left behind for the next process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.telegram.inbox import Inbox
from bot.telegram.reader import read
from bot.telegram.trouble import Trouble, refused, refused_token

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""Between two looks at whether Telegram still delivers here."""

DRAIN_SECONDS = 7.5
"""At the end, for what is in work; the process ends within 10 seconds."""

CONNECTIONS = 100
"""Deliveries at once that Telegram may make: the most that it does."""


class Webhook:
    """Has Telegram deliver to `url`, and takes into `inbox` what comes. Several processes may share a url."""

    way = "webhook"

    method = "getWebhookInfo"
    """The call whose success shows that the bot can serve."""

    def __init__(self, bot: Bot, inbox: Inbox, allowed_updates: Sequence[str], url: str, secret: str) -> None:
        self._bot = bot
        self._inbox = inbox
        self._allowed_updates = list(allowed_updates)
        self._url = url
        self._secret = secret
        self._open = False
        self._last_error: datetime | None = None

    async def start(self) -> None:
        """Sets the webhook, once the bot is initialized. Raises `telegram.error.TelegramError`."""
        # First, as Telegram delivers at once.
        self._open = True
        await self._set()
        await self._bot.get_webhook_info()

    async def run(self) -> None:
        """Looks after the webhook until cancelled. Raises TokenError when the token is no longer accepted."""
        trouble = Trouble()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look()
            except TelegramError as error:
                if refused(error, starting=False):
                    raise refused_token() from None
                await trouble.meet(error)
            except Exception as error:
                # Whatever it is: a process that nothing is delivered to is the worst that can happen.
                await trouble.meet(error)
            else:
                trouble.over()

    async def deliver(self, delivered: Any) -> bool:
        """Handles an update; whether it is done with, or must be delivered again.

        Raises KeyError or TypeError for what is no update.
        """
        update = read(delivered, self._bot)
        return self._open and await self._inbox.finish(update)

    async def stop(self) -> None:
        """Finishes what is in work, within seconds; to be called after `run`. The webhook stays set."""
        self._open = False
        abandoned = await self._inbox.drain(DRAIN_SECONDS)
        if abandoned:
            log.warning("stopped with %d updates in work; Telegram will deliver them again", abandoned)

    async def abandon(self) -> None:
        """Drops what is still in work; Telegram will deliver it again."""
        self._open = False
        await self._inbox.drain(0)

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        if info.url != self._url:
            log.warning(
                "the webhook %s, so nothing is delivered here: setting it anew. If another process with this "
                "token polls or has another WEBHOOK_URL, stop one of the two",
                "leads elsewhere than WEBHOOK_URL" if info.url else "was removed",
            )
            await self._set()
        elif info.last_error_date and info.last_error_date != self._last_error:
            self._last_error = info.last_error_date
            log.warning("Telegram could not deliver at %s: %s", info.last_error_date, info.last_error_message)

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=self._allowed_updates,
            max_connections=CONNECTIONS,
        )
