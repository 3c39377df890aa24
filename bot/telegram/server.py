"""Serves an ASGI application over HTTP, with uvicorn, which leaves signals and logging to the bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from bot.errors import SettingsError

END_SECONDS = 1
"""For answers that are on their way when the server ends."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingsError when that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"the bot cannot listen on HOST {host!r}, PORT {port} ({error.strerror or error}), so nobody "
            "would reach it: end the program that listens there, or give others."
        ) from None


class Server:
    """One server on one socket, from `start` to `stop`."""

    def __init__(self, app: Any, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=END_SECONDS,
        )
        self._uvicorn = _Uvicorn(config)
        self._socket = listening
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to serve."""
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]))

    async def ended(self) -> None:
        """Returns when it has stopped. Raises RuntimeError when it ends without being told to."""
        assert self._task is not None  # `start` comes first
        # Not `await self._task`: to stop waiting is not to stop serving.
        await asyncio.wait([self._task])
        if not self._uvicorn.should_exit:
            cause = None if self._task.cancelled() else self._task.exception()
            raise RuntimeError("the HTTP server has ended") from cause

    async def stop(self) -> None:
        """Takes no more, and returns when all answers are out, or END_SECONDS are over."""
        self._uvicorn.should_exit = True
        if self._task:
            await asyncio.wait([self._task])
        self._socket.close()


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves them to the bot: it finishes its work before its server ends."""
        yield
