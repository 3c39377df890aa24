"""The HTTP client below python-telegram-bot: aiohttp, as httpx takes five times its CPU time for a call."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 5.0
READ_SECONDS = 5.0
"""For a connection to Telegram, and then between two pieces of an answer."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Called = Callable[[str, str], None]
"""Is told of each call: its method, and its outcome: "ok", another HTTP status, "timeout" or "network"."""


class Wire(BaseRequest):
    """Calls the Bot API at `api_url`, by the proxy that the environment names; `called` is told of each call.

    For calls without files: the bot sends none.
    """

    def __init__(self, api_url: str, called: Called = lambda method, outcome: None) -> None:
        self._called = called
        self._proxy = _proxy_to(api_url)
        self._secure = urlsplit(api_url).scheme == "https"
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds, for calls that name none."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Makes calls possible; again after `shutdown`."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=_trust() if self._secure else False),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Closes all connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Status and body of the answer, as `telegram.request.BaseRequest` wants it.

        `read_timeout` in seconds, None for no end; other timeouts are not heeded. Raises
        `telegram.error.NetworkError`, whose message holds no URL, as the token is in it.
        """
        if self._session is None:
            raise RuntimeError("this Wire is not initialized")
        seconds = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        name = urlsplit(url).path.rpartition("/")[2]
        try:
            async with self._session.request(
                method,
                url,
                data=request_data.url_encoded_parameters().encode() if request_data else None,
                headers=FORM,
                timeout=aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_read=seconds),
                allow_redirects=False,
            ) as response:
                status, body = response.status, await response.read()
        except TimeoutError as error:
            self._called(name, "timeout")
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            self._called(name, "network")
            raise NetworkError(_said(error)) from error
        self._called(name, "ok" if 200 <= status < 300 else str(status))
        return status, body


def _said(error: Exception) -> str:
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{kind}: {error.status} {error.message}"
    return kind if isinstance(error, aiohttp.InvalidURL) else f"{kind}: {error}"


def _proxy_to(url: str) -> str | None:
    """As HTTPS_PROXY, NO_PROXY and their kin say. aiohttp would look them up in a thread for every call."""
    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


@cache
def _trust() -> ssl.SSLContext:
    """Trusts whom the system trusts, and those of Mozilla's list, as a slim system may trust nobody."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
