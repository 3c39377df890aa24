"""The HTTP client: what it tells of each call, which way it takes, whom it trusts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from botapi import TOKEN, BotApi
from conftest import SECRET
from telegram.error import NetworkError, TimedOut

from bot.telegram import wire as module
from bot.telegram.wire import Wire

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"ok":true,"result":true}'


class Far:
    """Whoever answers at the other end, with `answer`; `heads` is what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.heads: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def far_end(answer: bytes = OK) -> AsyncIterator[tuple[Far, str]]:
    """A server that answers so, and its host and port."""
    far = Far(answer)
    server = await asyncio.start_server(far.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield far, f"{host}:{port}"


class Calling:
    """`await calling(api_url)`: getMe there, and its status; `told` is what the wire said of all calls."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.errors: list[str] = []

    async def __call__(self, url: str, query: str = "", **how: float) -> int:
        wire = Wire(url, lambda method, outcome: self.told.append((method, outcome)))
        await wire.initialize()
        try:
            status, _ = await wire.do_request(f"{url}/bot{TOKEN}/getMe{query}", "POST", **how)
        except NetworkError as error:
            self.errors.append(str(error))
            raise
        finally:
            await wire.shutdown()
        return status


@pytest.fixture
def calling() -> Iterator[Calling]:
    """Calls; the token is in no error."""
    calls = Calling()
    yield calls
    assert SECRET not in str(calls.errors)


async def test_each_call_is_told_by_method_and_outcome(api: BotApi, calling: Calling) -> None:
    assert await calling(api.url) == 200
    api.fail("getMe", 502, body="<html>Bad Gateway</html>")
    assert await calling(api.url, "?") == 502
    assert calling.told == [("getMe", "ok"), ("getMe", "502")]


async def test_an_answer_that_does_not_come_is_a_timeout(api: BotApi, calling: Calling) -> None:
    api.delay("getMe", 1)
    with pytest.raises(TimedOut):
        await calling(api.url, read_timeout=0.05)
    assert calling.told == [("getMe", "timeout")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "ServerDisconnectedError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "ClientPayloadError"),
        (b"no HTTP at all\r\n\r\n", "ClientResponseError: 400"),
    ],
)
async def test_a_broken_connection_is_an_error_without_the_url(
    calling: Calling, answer: bytes, said: str
) -> None:
    async with far_end(answer) as (_, place):
        with pytest.raises(NetworkError, match=said):
            await calling(f"http://{place}")
    assert calling.told == [("getMe", "network")]


async def test_nobody_there_and_no_such_host_say_so(calling: Calling, unused_tcp_port: int) -> None:
    with pytest.raises(NetworkError, match=f"Cannot connect to host 127.0.0.1:{unused_tcp_port}"):
        await calling(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NetworkError, match=r"Cannot connect to host nowhere\.invalid:80"):
        await calling("http://nowhere.invalid")


async def test_it_does_not_go_elsewhere(calling: Calling) -> None:
    async with far_end() as (other, place):
        moved = f"HTTP/1.1 302 Found\r\nLocation: http://{place}/\r\nContent-Length: 0\r\n\r\n"
        async with far_end(moved.encode()) as (_, first):
            assert await calling(f"http://{first}") == 302
    assert other.heads == []


async def test_it_takes_the_proxy_of_the_environment(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with far_end() as (proxy, place), far_end() as (straight, near):
        monkeypatch.setenv("HTTP_PROXY", f"http://anna:pass@{place}")
        assert await calling("http://api.example.org") == 200
        assert await calling(f"http://{near}") == 200
    assert proxy.heads[0].startswith(f"POST http://api.example.org/bot{TOKEN}/getMe HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic" in proxy.heads[0]
    assert [len(proxy.heads), len(straight.heads)] == [1, 1]


@pytest.mark.parametrize("form", ["{}", "http://{}"])
async def test_a_proxy_between_it_and_https_does_not_see_the_token(
    calling: Calling, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    refusing = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with far_end(refusing) as (proxy, place):
        monkeypatch.setenv("HTTPS_PROXY", form.format(place))
        with pytest.raises(NetworkError, match="407 Proxy Authentication Required"):
            await calling("https://api.example.org")
    assert proxy.heads[0].startswith("CONNECT api.example.org:443 HTTP/1.1\r\n")
    assert SECRET not in proxy.heads[0]


async def test_before_its_start_and_after_its_end_it_does_not_call() -> None:
    wire = Wire("http://127.0.0.1:9")
    with pytest.raises(RuntimeError):
        await wire.do_request("http://127.0.0.1:9/getMe", "POST")
    await wire.initialize()
    await wire.shutdown()
    with pytest.raises(RuntimeError):
        await wire.do_request("http://127.0.0.1:9/getMe", "POST")


def test_it_trusts_known_authorities_also_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    monkeypatch.setenv("SSL_CERT_DIR", "/dev/null")
    context = module._trust.__wrapped__()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(context.get_ca_certs()) > 100
