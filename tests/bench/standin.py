"""A light stand-in for Telegram's Bot API that only counts, and the two bots as processes that talk to it.

The one in tests/telegram judges every call, which costs more than a bot does; this one answers anything. To a
bot that sets a webhook it delivers, as Telegram does: over as many connections as the bot asks for, and each
update again until it hears a 2xx. It goes to PORT straight, where a proxy that ends TLS would pass it on.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from time import perf_counter

import psutil
from aiohttp import ClientConnectionError, ClientSession, TCPConnector, web

from tests.bench.rows import ROOT

TOKEN = "123456789:AAbenchBENCHbenchBENCHbenchBENCHben"
WEBHOOK_URL = "https://bench.example.org/"
CHATS = 500
BATCH = 100
LONGEST_POLL = 5.0
"""Seconds."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
USUAL_CONNECTIONS = 40
"""What Telegram takes when a bot does not say."""

QUESTIONS = (
    "Wann startet die Serie?",
    "how many episodes are there?",
    "wer ist dabei",
    "what does it cost",
    "Wo kann ich das sehen?",
    "who is mark webber",
    "wie lang ist eine folge",
    "when is the race",
    "Ist Toyota dabei?",
    "what is it about",
)
"""What every chat asks, in this order."""


class StandIn:
    """Answers each call after `delay` seconds; `said` is what each chat was sent, in order."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.said: dict[int, list[str]] = defaultdict(list)
        self._updates: list[dict[str, object]] = []
        self._confirmed = 0
        self._wanted = 0
        self._answered = 0
        self._done = asyncio.Event()
        self._more = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._undelivered = count()
        self._couriers: list[asyncio.Task[None]] = []
        self.url = ""
        self.port = _free_port()
        """Where a bot with a webhook is to listen."""

    async def __aenter__(self) -> StandIn:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._more.set()
        for courier in self._couriers:
            courier.cancel()
        await asyncio.gather(*self._couriers, return_exceptions=True)
        assert self._runner
        await self._runner.cleanup()

    async def ask(self, number: int) -> float:
        """Send the bot so many messages, from all chats in turn; seconds until all are answered."""
        first = len(self._updates)
        self._updates += [_update(first + i) for i in range(number)]
        self._wanted = self._answered + number
        self._done.clear()
        start = perf_counter()
        self._more.set()
        await asyncio.wait_for(self._done.wait(), 600)
        return perf_counter() - start

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        parameters = {**request.query, **await request.post()}
        if method == "getupdates":
            offset, timeout = (int(parameters.get(name) or 0) for name in ("offset", "timeout"))
            return _result(await self._fetch(offset, min(timeout, LONGEST_POLL)))
        if self.delay:
            await asyncio.sleep(self.delay)
        if method == "getme":
            return _result({"id": 123456789, "is_bot": True, "first_name": "Bench", "username": "bench_bot"})
        if method == "setwebhook" and not self._couriers:
            connections = int(parameters.get("max_connections") or USUAL_CONNECTIONS)
            secret = str(parameters["secret_token"])
            self._couriers = [asyncio.create_task(self._deliver(secret)) for _ in range(connections)]
        if method == "getwebhookinfo":
            url = WEBHOOK_URL if self._couriers else ""
            return _result({"url": url, "has_custom_certificate": False, "pending_update_count": 0})
        if method == "getmycommands":
            return _result([])
        if method == "getmydescription":
            return _result({"description": ""})
        if method == "getmyshortdescription":
            return _result({"short_description": ""})
        if method == "sendmessage":
            chat = int(parameters["chat_id"])
            self.said[chat].append(str(parameters["text"]))
            self._answered += 1
            if self._answered == self._wanted:
                self._done.set()
            return _result({**_message(self._answered, chat), "text": parameters["text"]})
        return _result(True)

    async def _fetch(self, offset: int, patience: float) -> list[dict[str, object]]:
        self._confirmed = max(self._confirmed, offset - 1)
        waiting = self._updates[self._confirmed :][:BATCH]
        if not waiting:
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), patience)
            except TimeoutError:
                return []
            waiting = self._updates[self._confirmed :][:BATCH]
        await asyncio.sleep(self.delay)
        return waiting

    async def _deliver(self, secret: str) -> None:
        """Brings the next update, and the next, over one connection."""
        url, headers = f"http://127.0.0.1:{self.port}/", {SECRET_HEADER: secret}
        async with ClientSession(connector=TCPConnector(limit=1)) as session:
            for number in self._undelivered:
                while number >= len(self._updates):
                    self._more.clear()
                    await self._more.wait()
                while True:
                    with suppress(ClientConnectionError):
                        async with session.post(url, json=self._updates[number], headers=headers) as response:
                            if response.ok:
                                break
                    await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _result(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _message(number: int, chat: int) -> dict[str, object]:
    return {
        "message_id": number + 1,
        "date": 1_497_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "Anna"},
    }


def _update(number: int) -> dict[str, object]:
    chat = 7000 + number % CHATS
    sender = {"id": chat, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    text = QUESTIONS[number // CHATS % len(QUESTIONS)]
    return {"update_id": number + 1, "message": {**_message(number, chat), "from": sender, "text": text}}


@asynccontextmanager
async def running(
    module: str, api: StandIn, *arguments: str, concurrent: int = 0, webhook: bool = False
) -> AsyncIterator[psutil.Process]:
    """`python -m module` as a process of its own that talks to `api`, until the block ends."""
    hook = {
        "WEBHOOK_URL": WEBHOOK_URL,
        "WEBHOOK_SECRET": "s" * 32,
        "HOST": "127.0.0.1",
        "PORT": str(api.port),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ},
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api.url,
            "NO_PROXY": "127.0.0.1",
            "SEND_RATE": "0",
            "LOG_LEVEL": "WARNING",
            "BENCH_CONCURRENT": str(concurrent),
            **(hook if webhook else {}),
        },
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
