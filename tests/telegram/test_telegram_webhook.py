"""What the webhook promises: acknowledged when answered, once, for Telegram alone, and shared by replicas."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from botapi import BotApi
from conftest import serving, settings_for
from courier import SECRET_HEADER, Courier
from parrot import Parrot

from bot.errors import SettingsError, TokenError
from bot.settings import Settings
from bot.telegram import health, webhook
from bot.telegram.app import serve
from bot.telegram.pages import LARGEST
from bot.telegram.patience import PATIENCE

SECRET = "a-secret-of-some-length_0"
URL = "https://bot.example.org/telegram"

pytestmark = pytest.mark.usefixtures("short_pauses")


class Hook:
    """A bot with a webhook in this loop, and an HTTP client."""

    def __init__(
        self, api: BotApi, port: int, task: asyncio.Task[None], client: aiohttp.ClientSession
    ) -> None:
        self.api = api
        self.url = f"http://127.0.0.1:{port}"
        self.task = task
        self._client = client

    async def post(self, body: Any, secret: str | None = SECRET, path: str = "/telegram") -> int:
        headers = {SECRET_HEADER: secret} if secret is not None else {}
        data = io.BytesIO(body) if isinstance(body, bytes) else None
        json = None if isinstance(body, bytes) else body
        async with self._client.post(self.url + path, data=data, json=json, headers=headers) as response:
            assert await response.read() == b""
            return response.status

    async def get(self, path: str) -> tuple[int, str]:
        async with self._client.get(self.url + path) as response:
            return response.status, await response.text()

    async def until_health_is(self, status: int) -> None:
        async with asyncio.timeout(10):
            found = 0
            while found != status:
                found, _ = await self.get("/healthz")


def settings_of(api: BotApi, port: int) -> Settings:
    return settings_for(api.url, webhook_url=URL, webhook_secret=SECRET, host="127.0.0.1", port=port)


@asynccontextmanager
async def hooked(api: BotApi, port: int, assistant: Any = None, **settings: Any) -> AsyncIterator[Hook]:
    more = {"webhook_url": URL, "webhook_secret": SECRET, "host": "127.0.0.1", "port": port} | settings
    async with serving(api, assistant, **more) as task, aiohttp.ClientSession() as client:
        await api.until(lambda: api.webhook_url or api.calls_of("getMe"))
        yield Hook(api, port, task, client)


@pytest.fixture
async def hook(api: BotApi, unused_tcp_port: int) -> AsyncIterator[Hook]:
    async with hooked(api, unused_tcp_port) as hook:
        await api.until(lambda: api.calls_of("getWebhookInfo"))
        yield hook


async def test_it_registers_address_secret_and_kinds_of_updates_and_answers(
    api: BotApi, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    async with Courier(api, f"{hook.url}/telegram"):
        assert (await anna.ask("hi")).text == "You said: hi"
        await api.until(lambda: api.confirmed == [1000])
    assert (api.webhook_url, api.webhook_secret) == (URL, SECRET)
    assert api.calls_of("setWebhook")[0].parameters["max_connections"] == "100"
    assert "message" in (api.allowed or [])
    assert not api.calls_of("getUpdates")


async def test_an_update_is_acknowledged_only_when_its_reply_was_sent(api: BotApi, hook: Hook) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    anna.send("hi")
    delivery = asyncio.create_task(hook.post(api.pending[0]))
    await gate.reached()
    assert not delivery.done()
    gate.release()
    assert await delivery == 200
    assert len(anna.received) == 1


async def test_a_duplicate_waits_for_the_first_and_is_answered_once(api: BotApi, hook: Hook) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    anna.send("hi")
    update = api.pending[0]
    first, second = (asyncio.create_task(hook.post(update)) for _ in range(2))
    await gate.reached()
    assert not second.done()
    gate.release()
    assert [await first, await second, await hook.post(update)] == [200, 200, 200]
    assert len(anna.received) == 1


async def test_when_the_deliverer_hangs_up_the_work_goes_on_and_is_not_repeated(
    api: BotApi, hook: Hook
) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    anna.send("hi")
    update = api.pending[0]
    delivery = asyncio.create_task(hook.post(update))
    await gate.reached()
    delivery.cancel()
    await asyncio.wait([delivery])
    gate.release()
    assert await hook.post(update) == 200
    assert len(anna.received) == 1


async def test_replies_keep_the_order_within_a_chat_and_chats_do_not_wait(api: BotApi, hook: Hook) -> None:
    anna, berta = api.user(), api.user()
    gate = api.hold("sendMessage", only=lambda p: str(p["chat_id"]) == str(anna.id))
    for text in ("first", "second"):
        anna.send(text)
    deliveries = []
    for update in list(api.pending):
        deliveries.append(asyncio.create_task(hook.post(update)))
        await gate.reached()
    berta.send("meanwhile")
    assert await hook.post(api.pending[-1]) == 200
    gate.release()
    assert [await delivery for delivery in deliveries] == [200, 200]
    assert [seen.text for seen in anna.received] == ["You said: first", "You said: second"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ü"])
async def test_without_the_right_secret_it_is_401_and_nothing_is_read(
    api: BotApi, hook: Hook, caplog: pytest.LogCaptureFixture, secret: str | None
) -> None:
    api.user().send("hi")
    assert await hook.post(api.pending[0], secret) == 401
    lines = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert len(lines) == 1
    assert "secret" in lines[0]
    assert not api.calls_of("sendMessage")
    # A body that never comes: the answer does not wait for it.
    reader, writer = await asyncio.open_connection("127.0.0.1", int(hook.url.rsplit(":", 1)[1]))
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    assert b"401" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"update_id"', 400),
        (b"{}", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": 1, "x": "' + b"x" * LARGEST + b'"}', 413),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else str(value),
)
async def test_what_is_no_update_is_refused_in_one_line(
    api: BotApi, hook: Hook, caplog: pytest.LogCaptureFixture, body: bytes, status: int
) -> None:
    assert await hook.post(body) == status
    lines = [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]
    assert len(lines) == 1
    assert lines[0].exc_info is None


async def test_a_body_that_does_not_tell_its_size_is_read_to_the_limit_only(api: BotApi, hook: Hook) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 2**16

    async with aiohttp.ClientSession() as client:
        answer = client.post(hook.url, data=endless(), headers={SECRET_HEADER: SECRET})
        async with answer as response:
            assert response.status == 413


async def test_an_update_of_a_new_make_is_acknowledged_for_else_it_came_for_ever(
    api: BotApi, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    assert await hook.post({"update_id": 7, "message": {"message_id": 1, "text": "geheim"}}) == 200
    assert await hook.post({"update_id": 8, "of_tomorrow": {}}) == 200
    assert caplog.text.count("cannot be read") == 1
    assert "geheim" not in caplog.text


async def test_an_update_whose_handler_raises_is_acknowledged_with_an_apology(
    api: BotApi, hook: Hook
) -> None:
    anna = api.user()
    anna.send("boom")
    assert await hook.post(api.pending[0]) == 200
    assert (await anna.next_message()).text == "phrase apology"


async def test_an_update_whose_reply_fails_for_good_is_acknowledged_then(
    api: BotApi, hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(PATIENCE, "sendMessage", 0.1)
    fault = api.fail("sendMessage", 502, times=10**6)
    api.user().send("lost")
    assert await hook.post(api.pending[0]) == 200
    assert fault.times < 10**6 - 2
    assert caplog.text.count("reply not delivered") == 1


async def test_stopping_finishes_what_is_in_work_refuses_the_rest_and_leaves_the_webhook_set(
    api: BotApi, unused_tcp_port: int
) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    stop = asyncio.Event()
    settings = settings_of(api, unused_tcp_port)
    task = asyncio.create_task(serve(settings, Parrot(), stop))
    await api.until(lambda: api.calls_of("getWebhookInfo"))
    async with aiohttp.ClientSession() as client:
        hook = Hook(api, unused_tcp_port, task, client)
        anna.send("in work")
        anna.send("too late")
        delivery = asyncio.create_task(hook.post(api.pending[0]))
        await gate.reached()
        stop.set()
        await hook.until_health_is(503)
        assert await hook.get("/healthz") == (503, "the bot is stopping\n")
        assert await hook.post(api.pending[1]) == 503
        gate.release()
        assert await delivery == 200
        await asyncio.wait_for(task, 10)
    assert len(anna.received) == 1
    assert api.webhook_url == URL
    assert not api.calls_of("deleteWebhook")


async def test_what_does_not_finish_in_time_is_not_acknowledged(
    api: BotApi, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "DRAIN_SECONDS", 0.1)
    gate = api.hold("sendMessage")
    api.user().send("hi")
    stop = asyncio.Event()
    task = asyncio.create_task(serve(settings_of(api, unused_tcp_port), Parrot(), stop))
    await api.until(lambda: api.calls_of("getWebhookInfo"))
    async with aiohttp.ClientSession() as client:
        hook = Hook(api, unused_tcp_port, task, client)
        delivery = asyncio.create_task(hook.post(api.pending[0]))
        await gate.reached()
        stop.set()
        assert await delivery == 503
        await asyncio.wait_for(task, 10)
    gate.release()


async def test_before_telegram_has_answered_it_is_not_healthy_and_takes_nothing(
    api: BotApi, unused_tcp_port: int
) -> None:
    gate = api.hold("getMe")
    api.user().send("hi")
    async with hooked(api, unused_tcp_port) as hook:
        await gate.reached()
        assert await hook.get("/healthz") == (503, "Telegram has not answered yet\n")
        assert await hook.post(api.pending[0]) == 503
        gate.release()
        await api.until(lambda: api.calls_of("getWebhookInfo") and api.calls[-1].status)
        await hook.until_health_is(200)


async def test_it_becomes_unhealthy_when_telegram_stays_silent_and_well_again(
    api: BotApi, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(health, "STALE", 0.3)
    async with hooked(api, unused_tcp_port) as hook:
        await api.until(lambda: len(api.calls_of("getWebhookInfo")) > 3)
        assert (await hook.get("/healthz"))[0] == 200
        fault = api.fail("getWebhookInfo", 502, times=10**6)
        await hook.until_health_is(503)
        assert (await hook.get("/healthz"))[1].startswith("Telegram has not answered for ")
        fault.times = 0
        await hook.until_health_is(200)


@pytest.mark.parametrize("found", ["", "https://elsewhere.example.org"])
async def test_a_webhook_that_was_taken_away_is_set_anew(
    api: BotApi,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    found: str,
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.02)
    async with hooked(api, unused_tcp_port):
        await api.until(lambda: len(api.calls_of("getWebhookInfo")) > 1)
        api.webhook_url = found
        await api.until(lambda: api.webhook_url == URL)
    assert caplog.text.count("setting it anew") == 1


async def test_a_token_that_is_revoked_ends_it(
    api: BotApi, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.02)
    settings = settings_of(api, unused_tcp_port)
    task = asyncio.create_task(serve(settings, Parrot(), asyncio.Event()))
    await api.until(lambda: api.calls_of("getWebhookInfo"))
    api.fail("getWebhookInfo", 401, times=10**6, description="Unauthorized")
    with pytest.raises(TokenError):
        await asyncio.wait_for(task, 5)


async def test_an_address_that_telegram_refuses_is_told_and_tried_again(
    api: BotApi, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("setWebhook", 400, times=3, description="Bad Request: bad webhook: Failed to resolve host")
    async with hooked(api, unused_tcp_port) as hook:
        await hook.until_health_is(200)
    warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert len(warnings) == 1
    assert "failed to resolve host" in warnings[0]
    assert "check that WEBHOOK_URL is" in warnings[0]


async def test_replicas_may_register_at_once_though_telegram_asks_one_to_wait(
    api: BotApi, unused_tcp_port_factory: Callable[[], int]
) -> None:
    api.fail("setWebhook", 429, retry_after=1, description="Too Many Requests: retry after 1")
    one, other = unused_tcp_port_factory(), unused_tcp_port_factory()
    async with hooked(api, one) as first, hooked(api, other) as second:
        await first.until_health_is(200)
        await second.until_health_is(200)
    assert len(api.calls_of("setWebhook")) == 3
    assert api.webhook_url == URL


async def test_a_server_that_ends_by_itself_ends_the_bot(api: BotApi, unused_tcp_port: int) -> None:
    """A process that nothing can be delivered to must not live on."""
    settings = settings_of(api, unused_tcp_port)
    task = asyncio.create_task(serve(settings, Parrot(), asyncio.Event()))
    await api.until(lambda: api.calls_of("getWebhookInfo"))
    (serving_task,) = (
        t for t in asyncio.all_tasks() if "serve" in repr(t.get_coro()) and "Server" in repr(t)
    )
    serving_task.cancel()
    with pytest.raises(RuntimeError, match="the HTTP server has ended"):
        await asyncio.wait_for(task, 5)


async def test_a_port_that_is_taken_is_one_line(api: BotApi) -> None:
    settings = settings_of(api, api.port)
    with pytest.raises(SettingsError, match=rf"PORT {api.port} .*in use"):
        await serve(settings, Parrot(), asyncio.Event())


async def test_figures_tell_questions_calls_and_times_and_nothing_of_users(api: BotApi, hook: Hook) -> None:
    anna = api.user("de", "Annegret")
    api.fail("sendMessage", 502)
    anna.send("Geheime Frage")
    assert await hook.post(api.pending[0]) == 200
    status, page = await hook.get("/metrics")
    assert status == 200
    assert 'lemans_questions_total{kind="answer",language="de"} 1.0' in page
    assert 'lemans_bot_api_calls_total{method="sendMessage",outcome="502"} 1.0' in page
    assert 'lemans_bot_api_calls_total{method="sendMessage",outcome="ok"} 1.0' in page
    assert 'lemans_bot_api_calls_total{method="setWebhook",outcome="ok"} 1.0' in page
    assert "lemans_handling_seconds_count 1.0" in page
    assert "process_resident_memory_bytes" in page
    for private in ("Annegret", "Geheime", str(anna.id), api.token.split(":")[1], SECRET):
        assert private not in page


async def test_there_is_nothing_else_to_get(hook: Hook) -> None:
    assert (await hook.get("/"))[0] in (404, 405)
    assert (await hook.get("/docs"))[0] in (404, 405)


async def test_polling_with_a_port_tells_health_and_figures_and_takes_no_updates(
    api: BotApi, unused_tcp_port: int
) -> None:
    anna = api.user()
    more = {"webhook_url": None, "webhook_secret": None}
    async with hooked(api, unused_tcp_port, **more) as hook:
        await anna.ask("hi")
        assert await hook.get("/healthz") == (200, "ok\n")
        assert 'method="getUpdates",outcome="ok"' in (await hook.get("/metrics"))[1]
        async with aiohttp.ClientSession() as client, client.post(hook.url, json={"update_id": 1}) as answer:
            assert answer.status in (404, 405)


@pytest.mark.parametrize("library", ["starlette", "uvicorn", "prometheus_client"])
async def test_without_the_extra_it_says_what_to_install(
    api: BotApi, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SettingsError, match=rf"{library} is not installed.*lemans-bot\[webhook\]"):
        await serve(settings_of(api, unused_tcp_port), Parrot(), asyncio.Event())


async def test_polling_without_a_port_listens_nowhere(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        async with serving(api):
            await api.user().ask("hi")
    assert "listens" not in caplog.text


def test_a_wall_clock_that_jumps_makes_nobody_ill() -> None:
    now = 1000.0
    well = health.Health("getUpdates", lambda: now)
    assert well.ailment == "Telegram has not answered yet"
    well.called("sendMessage", "ok")
    well.called("getUpdates", "502")
    assert well.ailment is not None
    well.called("getUpdates", "ok")
    assert well.ailment is None
    now += health.STALE + 1
    assert well.ailment == "Telegram has not answered for 181 seconds"
