"""Brings the stand-in's updates to a webhook as Telegram does: again and again, until it hears a 2xx."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
from botapi import BotApi

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Courier:
    """Delivers what waits at `api` to `url`, from `async with` to its end; at most `connections` at once.

    `url` stands in for the webhook's own: no test has a public name with a certificate.
    """

    def __init__(self, api: BotApi, url: str, *, connections: int = 40, pause: float = 0.05) -> None:
        self.api = api
        self.url = url
        self.refused: Counter[str] = Counter()
        """Attempts without a 2xx, by their status or error."""
        self.attempts = 0
        self._pause = pause
        self._places = asyncio.Semaphore(connections)
        self._under_way: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Courier:
        timeout = aiohttp.ClientTimeout(total=60)
        connector = aiohttp.TCPConnector(limit=0, ssl=False)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        self._start(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def post(self, update: Any, secret: str | None = None) -> int:
        """One attempt; the status of the answer."""
        self.attempts += 1
        headers = {SECRET_HEADER: self.api.webhook_secret if secret is None else secret}
        async with self._session.post(self.url, json=update, headers=headers) as response:
            return response.status

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        while True:
            async with self.api.changed:
                await self.api.changed.wait_for(self._waiting)
            for update in self._waiting():
                self._under_way.add(update["update_id"])
                self._start(self._deliver(update))

    def _waiting(self) -> list[dict[str, Any]]:
        if not self.api.webhook_url:
            return []
        return [update for update in self.api.pending if update["update_id"] not in self._under_way]

    async def _deliver(self, update: dict[str, Any]) -> None:
        number = update["update_id"]
        async with self._places:
            while True:
                try:
                    status = await self.post(update)
                except (aiohttp.ClientError, TimeoutError) as error:
                    self.refused[type(error).__name__] += 1
                else:
                    if 200 <= status < 300:
                        break
                    self.refused[str(status)] += 1
                await asyncio.sleep(self._pause)
        self.api.pending.remove(update)
        self.api.confirmed.append(number)
        self._under_way.discard(number)
        async with self.api.changed:
            self.api.changed.notify_all()
