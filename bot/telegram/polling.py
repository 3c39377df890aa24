"""Long polling that loses nothing: an update is confirmed to Telegram after it was handled, not before.

python-telegram-bot's own Updater confirms a batch with the next getUpdates, while the batch still waits to be
handled: a crash in between loses it. And it ends for good at a refused token, in a process that lives on. So
the loop is ours. So is the call: Bot.get_updates reads all updates or none, and each as often as it comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from json import dumps
from time import monotonic
from typing import Any, cast
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.telegram.inbox import Inbox
from bot.telegram.reader import number_of, read
from bot.telegram.trouble import Trouble, refused, refused_token

log = logging.getLogger(__name__)

POLL_SECONDS = 25
"""How long Telegram holds a getUpdates open when there is nothing to deliver."""

ANSWER_SECONDS = 5
"""After which a getUpdates counts as failed, when Telegram had no reason to hold it."""

BATCH = 100
"""The most updates that one getUpdates returns."""

DRAIN_SECONDS = 7.5
CONFIRM_SECONDS = 0.6
"""At the end: for what is in work, and for telling Telegram. The process ends within 10 seconds."""

FETCH_SECONDS = 4.0
"""At the end, so long what still waits at Telegram is fetched and answered too."""

GRACE = (0.03, 0.25)
"""Seconds between two getUpdates while updates are in work: at first, and at most.

Telegram returns these at once, again and again, as long as they are not confirmed.
"""


async def wait_for_telegram(start: Callable[[], Awaitable[None]]) -> None:
    """Awaits `start` until it succeeds, with growing pauses: the network may come up after the bot.

    Says so once, and once when it is over. Raises TokenError when the token is refused.
    """
    trouble = Trouble()
    while True:
        try:
            await start()
        except TelegramError as error:
            if refused(error, starting=True):
                raise refused_token() from None
            await trouble.meet(error)
        else:
            trouble.over()
            return


class Poller:
    """Fetches updates for `bot` over `wire` into `inbox`, until stopped."""

    way = "long polling"

    method = "getUpdates"
    """The call whose success shows that the bot can serve."""

    def __init__(self, bot: Bot, wire: BaseRequest, inbox: Inbox, allowed_updates: Sequence[str]) -> None:
        self._bot = bot
        self._wire = wire
        self._inbox = inbox
        self._allowed_updates = dumps(list(allowed_updates))
        self._fetched = False

    async def start(self) -> None:
        """Makes polling possible, once the bot is initialized. Raises `telegram.error.TelegramError`."""
        # With a webhook set, getUpdates is refused.
        if (await self._bot.get_webhook_info()).url:
            await self._bot.delete_webhook()
            log.info("a webhook was still set for this bot: removed, as it polls now")

    async def run(self) -> None:
        """Polls until cancelled. Raises TokenError when Telegram no longer accepts the token."""
        trouble = Trouble()
        grace, longest = GRACE
        while True:
            try:
                new, first = await self._fetch()
            except TelegramError as error:
                if refused(error, starting=False):
                    raise refused_token() from None
                await trouble.meet(error)
                continue
            except Exception as error:
                # Whatever it is: a process that has stopped to listen is the worst that can happen.
                await trouble.meet(error)
                continue
            trouble.over()
            grace = GRACE[0] if new else min(grace * 2, longest)
            if first is not None:
                # A whole batch hides what comes after it: nothing to ask for until its first is done.
                await self._inbox.wait_past(first)
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    if first is None:
                        await self._inbox.wait_idle()
                    else:
                        await self._inbox.wait_past(first + BATCH // 2)

    async def stop(self) -> None:
        """After `run`: finishes what was fetched and what waits, within seconds, and confirms it."""
        started = monotonic()
        more = True
        while more:
            abandoned = await self._inbox.drain(started + DRAIN_SECONDS - monotonic())
            if abandoned:
                log.warning("stopped with %d updates in work; Telegram will deliver them again", abandoned)
            if self._inbox.offset is None:
                return
            more = not abandoned and monotonic() - started < FETCH_SECONDS
            try:
                async with asyncio.timeout(CONFIRM_SECONDS):
                    updates = await self._get_updates(offset=self._inbox.offset, limit=BATCH if more else 1)
            except (TelegramError, TimeoutError) as error:
                log.warning("the last answers may be given again after a restart: %s", type(error).__name__)
                return
            more = more and self._take(updates)

    async def abandon(self) -> None:
        """Drops what is still in work; Telegram will deliver it again."""
        await self._inbox.drain(0)

    async def _fetch(self) -> tuple[bool, int | None]:
        """One getUpdates: whether it brought anything new, and its first id if it is a whole batch."""
        offset = self._inbox.offset
        # The first at once, so that it is soon known whether polling works.
        seconds = POLL_SECONDS if self._fetched else 0
        updates = await self._get_updates(
            offset=offset or 0, limit=BATCH, hold=seconds, allowed_updates=self._allowed_updates
        )
        self._fetched = True
        if offset is not None:
            self._inbox.forget(offset)
        return self._take(updates), number_of(updates[0]) if len(updates) >= BATCH else None

    async def _get_updates(self, hold: int = 0, **parameters: int | str) -> list[Any]:
        url = f"{self._bot.base_url}/getUpdates?{urlencode({'timeout': hold, **parameters})}"
        return cast("list[Any]", await self._wire.post(url, read_timeout=hold + ANSWER_SECONDS))

    def _take(self, updates: list[Any]) -> bool:
        """Starts work on those that are new; whether there are any."""
        new = [update for update in updates if number_of(update) not in self._inbox]
        for update in new:
            self._inbox.put(read(update, self._bot))
        return bool(new)
