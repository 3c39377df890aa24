"""The ASGI application: /healthz, /metrics, and with a webhook the place where Telegram delivers updates."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.telegram.health import Health
from bot.telegram.metrics import Metrics

log = logging.getLogger(__name__)

LARGEST = 2**20
"""Bytes of a body that are read at most; Telegram's updates have some thousand."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Deliver = Callable[[Any], Awaitable[bool]]
"""Handles an update, decoded from JSON; returns whether it is done with, or must be delivered again.

Raises KeyError or TypeError for what is no update.
"""


def pages(
    health: Health, metrics: Metrics, secret: str | None = None, deliver: Deliver | None = None
) -> Starlette:
    """The application. With `deliver`, updates are taken at any path, if they come with `secret`."""

    async def healthz(_: Request) -> Response:
        ailment = health.ailment
        return PlainTextResponse(f"{ailment or 'ok'}\n", 503 if ailment else 200)

    async def figures(_: Request) -> Response:
        return Response(metrics.page(), media_type=METRICS_TYPE)

    routes = [Route("/healthz", healthz), Route("/metrics", figures)]
    if deliver and secret:
        # At any path: a proxy may cut off the one that WEBHOOK_URL names, and the secret is what counts.
        routes.append(Route("/{path:path}", Delivery(secret, deliver).take, methods=["POST"]))
    return Starlette(routes=routes)


class Delivery:
    """Takes updates from Telegram: 200 when one is done with, 503 when it shall come again, 4xx else."""

    def __init__(self, secret: str, deliver: Deliver) -> None:
        self._secret = secret.encode()
        self._deliver = deliver

    async def take(self, request: Request) -> Response:
        """The answer to a request; nothing of it is read before its secret was found right."""
        secret = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(secret, self._secret):
            return _refused(
                401, "without the right secret: it did not come from Telegram, or WEBHOOK_SECRET changed"
            )
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # to nobody: Telegram delivers it again
        if body is None:
            return _refused(413, f"of more than {LARGEST} bytes")
        try:
            update = json.loads(body)
        # RecursionError: a body of ten thousand brackets.
        except (ValueError, RecursionError):
            return _refused(400, "that is not JSON")
        try:
            done = await self._deliver(update)
        except (KeyError, TypeError):
            return _refused(400, "that is not an update")
        return Response(status_code=200 if done else 503)


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too large, of which no more is read than it takes to know."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _refused(status: int, what: str) -> Response:
    log.warning("refused a delivery %s", what)
    return Response(status_code=status)
