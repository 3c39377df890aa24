"""The stand-in, the bot's own process, and the bot in the tests' own loop."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from botapi import TOKEN, BotApi
from parrot import Parrot

from bot.settings import Settings
from bot.telegram import trouble
from bot.telegram.app import serve
from bot.telegram.redact import hidden_token

ROOT = Path(__file__).parents[2]

SECRET = TOKEN.split(":")[1]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """The Bot API stand-in; a request that the Bot API would refuse fails the test."""
    async with BotApi() as stand_in:
        yield stand_in
    assert stand_in.violations == []


class BotProcess:
    """`python -m bot run` as a process of its own, and what it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._closed = 0
        self._changed = asyncio.Condition()
        self._readers = [asyncio.create_task(self._read(s)) for s in (process.stdout, process.stderr) if s]

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    async def says(self, pattern: str, within: float = 15) -> str:
        """The first line that matches, now or later; fails at once when the process has ended without it."""

        def found() -> str | None:
            return next((line for line in self.lines if re.search(pattern, line)), None)

        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: found() or self._closed == len(self._readers))
        line = found()
        assert line, f"no line matches {pattern!r} in:\n{self.output}"
        return line

    async def ends(self, within: float = 15) -> int:
        """Waits for the process to end by itself; its exit status."""
        status = await asyncio.wait_for(self.process.wait(), within)
        await asyncio.gather(*self._readers)
        return status

    async def stop(self, how: signal.Signals = signal.SIGTERM, within: float = 10) -> int:
        """Sends the signal; the exit status. Ten seconds is what the bot promises."""
        self.process.send_signal(how)
        return await self.ends(within)

    async def close(self) -> None:
        """Ends it, however it stands."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.ends()

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            async with self._changed:
                self.lines.append(line.decode().rstrip())
                self._changed.notify_all()
        async with self._changed:
            self._closed += 1
            self._changed.notify_all()


@pytest.fixture(scope="session", autouse=True)
def plain_network() -> Iterator[None]:
    """The bot in this process talks to 127.0.0.1 past any proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts, for a test's patience: same growth, same bound, other unit."""
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.005)
    monkeypatch.setattr(trouble, "LONGEST_PAUSE", 0.05)


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """What bot processes inherit: nothing of the tester's own bot, and no proxy."""
    kept = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    # The first start after a change to the FAQ takes seconds to learn it; no test is about that.
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", "hi"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return env


@pytest.fixture
async def start_bot(environment: dict[str, str]) -> AsyncIterator[Callable[..., Any]]:
    """Starts bot processes: `await start_bot(api, LOG_LEVEL="DEBUG")`. None ever prints the token."""
    async with AsyncExitStack() as stack:
        started: list[BotProcess] = []

        async def start(
            api: BotApi | str, token: str = TOKEN, *, module: str = "bot", **more: str
        ) -> BotProcess:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-X",
                "utf8",
                *("-m", module, "run"),
                cwd=ROOT,
                env=environment
                | {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": api if isinstance(api, str) else api.url}
                | more,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            bot = BotProcess(process)
            started.append(bot)
            stack.push_async_callback(bot.close)
            return bot

        yield start
    for bot in started:
        assert SECRET not in bot.output
        assert "never awaited" not in bot.output


@pytest.fixture
def command(environment: dict[str, str]) -> Callable[..., Any]:
    """Runs `lemans-bot` to its end: `await command("health", PORT="8080")`; its exit status and output."""

    async def run(*arguments: str, **more: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=ROOT,
            env=environment | more,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode is not None
        return process.returncode, output.decode()

    return run


def settings_for(url: str, **more: Any) -> Settings:
    """Settings of a bot that talks to this Bot API, as fast as it can."""
    return Settings(**{"token": TOKEN, "api_url": url, "send_rate": 0.0} | more)


@asynccontextmanager
async def serving(api: BotApi, assistant: Any = None, **settings: Any) -> AsyncIterator[asyncio.Task[None]]:
    """The bot on the stand-in, in this loop, until the block ends; it must end cleanly."""
    stop = asyncio.Event()
    task = asyncio.create_task(serve(settings_for(api.url, **settings), assistant or Parrot(), stop))
    with hidden_token(TOKEN):
        try:
            yield task
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Parrot]:
    """A running bot with a parrot for an assistant, in this loop."""
    parrot = Parrot()
    async with serving(api, parrot):
        yield parrot
