"""Asks a bot that runs on this machine how it is, as the image's HEALTHCHECK does."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

from bot.errors import HealthError
from bot.settings import WEBHOOK_PORT

if TYPE_CHECKING:
    from bot.settings import Settings

SECONDS = 5.0

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Hosts that stand for all of a machine's addresses, and one of these."""


def ask_health(settings: Settings) -> str:
    """What /healthz of the running bot says, when it can serve. Raises HealthError when it cannot."""
    host, port = ANYWHERE.get(settings.host, settings.host), settings.port or WEBHOOK_PORT
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        text = " ".join(answer.read(1000).decode("utf-8", "replace").split())
    except (OSError, http.client.HTTPException) as error:
        raise HealthError(
            f"no bot answers at {host}, port {port} ({error or type(error).__name__}): none runs here, or it "
            "polls without PORT, which it needs for this."
        ) from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise HealthError(f"the bot cannot serve: {text or answer.status}")
    return text
