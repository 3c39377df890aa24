"""What can be asked of a running bot over HTTP: health, figures, and with a webhook, to take an update.

It listens with a webhook, and when PORT is set, as it is in the image; else nothing of this is loaded.
"""

from __future__ import annotations

import asyncio
import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.reply import Reply
from bot.telegram.health import Health
from bot.telegram.webhook import Webhook

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.telegram.metrics import Metrics
    from bot.telegram.polling import Poller
    from bot.telegram.server import Server

log = logging.getLogger(__name__)

LIBRARIES = ("prometheus_client", "starlette", "uvicorn")
"""What it takes to listen: the extra `webhook`."""


class Watch:
    """Hears what happens, and tells it to whoever asks, from `open` to `close`."""

    def __init__(self, settings: Settings, method: str) -> None:
        """`method` is the call that shows that the bot can serve. Raises SettingsError."""
        self.health = Health(method)
        self._settings = settings
        self._metrics: Metrics | None = None
        self._server: Server | None = None
        if settings.port is not None:
            if missing := [name for name in LIBRARIES if find_spec(name) is None]:
                raise SettingsError(
                    f"WEBHOOK_URL or PORT is set, but {' and '.join(missing)} is not installed, so the bot "
                    "cannot listen: pip install 'lemans-bot[webhook]', or leave both unset."
                )
            from bot.telegram.metrics import Metrics

            self._metrics = Metrics()

    def open(self, source: Poller | Webhook) -> None:
        """Begins to listen, if the settings say so. Raises SettingsError where that cannot be."""
        if self._metrics is None or self._settings.port is None:
            return
        from bot.telegram.pages import pages
        from bot.telegram.server import Server, listen

        deliver = source.deliver if isinstance(source, Webhook) else None
        app = pages(self.health, self._metrics, self._settings.webhook_secret, deliver)
        self._server = Server(app, listen(self._settings.host, self._settings.port))
        self._server.start()
        log.info("listens on %s, port %d", self._settings.host, self._settings.port)

    def called(self, method: str, outcome: str) -> None:
        """A call to Telegram has come to its end, as `bot.telegram.wire.Called`."""
        self.health.called(method, outcome)
        if self._metrics:
            self._metrics.called(method, outcome)

    def answered(self, reply: Reply, seconds: float) -> None:
        """A question was answered with `reply`, so many seconds after work on it began."""
        if self._metrics:
            self._metrics.answered(reply, seconds)

    async def ended(self) -> None:
        """Raises what ended the server, and waits as long as nothing has."""
        if self._server:
            await self._server.ended()
        else:
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Listens no more; answers that are on their way go out."""
        if self._server:
            await self._server.stop()
