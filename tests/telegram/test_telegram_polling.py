"""What polling promises: nothing lost, order within a chat, chats side by side, no busy loop, a clean end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botapi import TOKEN, BotApi
from conftest import SECRET, serving, settings_for
from parrot import Parrot

from bot.errors import TokenError
from bot.telegram.app import serve, valid_token
from bot.telegram.patience import PATIENCE


def to(chat: int) -> Any:
    """Picks the calls that go to one chat."""
    return lambda parameters: str(parameters["chat_id"]) == str(chat)


async def test_an_update_is_confirmed_only_after_its_reply_was_sent(api: BotApi) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    async with serving(api):
        anna.send("hi")
        await gate.reached()
        polls = len(api.calls_of("getUpdates"))
        await api.until(lambda: len(api.calls_of("getUpdates")) > polls)
        assert api.confirmed == []
        gate.release()
        await anna.next_message()
        await api.until(lambda: api.confirmed == [1000])
    assert len(anna.received) == 1


async def test_a_slow_reply_does_not_stop_the_fetching_and_nothing_is_answered_twice(api: BotApi) -> None:
    slow, quick = api.user(), api.user()
    gate = api.hold("sendMessage", only=to(slow.id))
    async with serving(api):
        slow.send("takes its time")
        await gate.reached()
        for number in range(5):
            assert (await quick.ask(f"{number}")).text == f"You said: {number}"
        assert api.confirmed == []
        gate.release()
        await slow.next_message()
    assert len(slow.received) == 1
    assert len(quick.received) == 5
    assert api.confirmed == list(range(1000, 1006))


async def test_replies_keep_the_order_asked_within_a_chat(api: BotApi) -> None:
    anna, berta = api.user(), api.user()
    gate = api.hold("sendMessage", only=lambda p: p["text"].endswith("first"))
    for text in ("first", "second", "third"):
        anna.send(text)
    async with serving(api):
        await gate.reached()
        await berta.ask("meanwhile")
        assert anna.received == []
        gate.release()
        await anna.until_says("You said: third")
    assert [seen.text for seen in anna.received] == [f"You said: {t}" for t in ("first", "second", "third")]


async def test_chats_are_served_side_by_side(api: BotApi) -> None:
    people = [api.user() for _ in range(50)]
    gate = api.hold("sendMessage")
    for person in people:
        person.send("hi")
    async with serving(api):
        await gate.reached(50)
        gate.release()
        for person in people:
            await person.next_message()


async def test_a_full_batch_in_work_is_no_busy_loop_and_what_waits_behind_it_comes(api: BotApi) -> None:
    people = [api.user() for _ in range(15)]
    gate = api.hold("sendMessage")
    for number in range(150):
        people[number % 15].send(f"{number}")
    async with serving(api):
        await gate.reached(15)
        polls = len(api.calls_of("getUpdates"))
        with pytest.raises(TimeoutError):
            await api.until(lambda: len(api.calls_of("getUpdates")) > polls + 2, within=0.5)
        gate.release()
        await api.until(lambda: len(api.calls_of("sendMessage")) == 150 and api.calls[-1].status)
    heard = [seen.text for person in people for seen in person.received]
    assert len(heard) == len(set(heard)) == 150
    assert api.confirmed == list(range(1000, 1150))


async def test_polling_while_one_update_hangs_stays_calm(api: BotApi) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    async with serving(api):
        anna.send("hi")
        await gate.reached()
        polls = len(api.calls_of("getUpdates"))
        with pytest.raises(TimeoutError):
            await api.until(lambda: len(api.calls_of("getUpdates")) > polls + 8, within=1)
        gate.release()


async def test_a_handler_that_raises_and_a_reply_that_fails_are_confirmed_too(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(PATIENCE, "sendMessage", 0.0)
    anna = api.user()
    api.fail("sendMessage", 500)
    async with serving(api):
        anna.send("lost")
        anna.send("boom")
        assert (await anna.next_message()).text == "phrase apology"
        await api.until(lambda: api.confirmed == [1000, 1001])
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1
    assert "reply not delivered: Internal Server Error" in caplog.text


async def test_stopping_finishes_what_was_fetched_and_confirms_it(api: BotApi) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    stop = asyncio.Event()
    task = asyncio.create_task(serve(settings_for(api.url), Parrot(), stop))
    for text in "abc":
        anna.send(text)
    await gate.reached()
    stop.set()
    polls = len(api.calls_of("getUpdates"))
    with pytest.raises(TimeoutError):
        await api.until(lambda: len(api.calls_of("getUpdates")) > polls, within=0.3)
    gate.release()
    await asyncio.wait_for(task, 5)
    assert [seen.text for seen in anna.received] == [f"You said: {text}" for text in "abc"]
    assert api.pending == []


async def test_what_does_not_finish_in_time_is_left_for_the_next_process(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.telegram.polling.DRAIN_SECONDS", 0.2)
    anna, berta = api.user(), api.user()
    gate = api.hold("sendMessage", only=to(berta.id))
    async with serving(api):
        await anna.ask("answered")
        berta.send("not answered")
        berta.send("nor this")
        await gate.reached()
        await anna.ask("answered out of turn")
    assert [update["message"]["text"] for update in api.pending][:2] == ["not answered", "nor this"]
    assert "2 updates in work" in caplog.text
    gate.release()


@pytest.mark.usefixtures("short_pauses")
async def test_no_network_at_start_is_said_once_and_so_is_its_return(
    caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    attempts = asyncio.Semaphore(0)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attempts.release()
        writer.close()

    api = BotApi(port=unused_tcp_port)
    with caplog.at_level("INFO"):
        nobody = await asyncio.start_server(hang_up, "127.0.0.1", unused_tcp_port)
        async with serving(api):
            for _ in range(5):
                await asyncio.wait_for(attempts.acquire(), 5)
            nobody.close()
            async with api:
                assert (await api.user().ask("hi")).text == "You said: hi"
                lines = [r.getMessage() for r in caplog.records if r.name.startswith("bot.")]
    assert [line.split(" (")[0].partition(" answers on")[2] or line[:29] for line in lines][:3] == [
        "Telegram cannot be reached (S",
        "Telegram answers again",
        " Telegram",
    ]


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 500},
        {"status": 200, "body": '{"ok": true, "resu'},
        {"status": 404, "body": "404 page not found"},
        {"status": 429, "retry_after": 0.01, "description": "Too Many Requests"},
        {"status": 0, "drop": True},
    ],
    ids=[
        "502 with a page",
        "500",
        "half an answer",
        "404 with a page",
        "429",
        "cut off",
    ],
)
async def test_polling_outlives_faults_and_says_each_stretch_once(
    api: BotApi, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    anna = api.user()
    with caplog.at_level("INFO"):
        async with serving(api):
            await anna.ask("before")
            api.fail("getUpdates", times=4, **fault)
            anna.send("during")
            assert (await anna.next_message()).text == "You said: during"
            assert (await anna.ask("after")).text == "You said: after"
    warnings = [r for r in caplog.records if r.levelname == "WARNING"]
    assert len(warnings) == 1, caplog.text
    assert caplog.text.count("Telegram answers again") == 1
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


async def test_an_update_that_cannot_be_read_is_skipped_and_not_fetched_again(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    anna.send("before")
    anna.send("odd")
    api.pending[-1]["message"] = {"message_id": 1, "text": "geheim"}
    anna.send("after")
    async with serving(api):
        assert [(await anna.next_message()).text for _ in range(2)] == ["You said: before", "You said: after"]
        await api.until(lambda: api.confirmed == [1000, 1001, 1002])
    warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warnings == ["an update cannot be read (KeyError) and is skipped: nobody answers it"]


async def test_what_still_waits_at_a_signal_is_fetched_and_answered_too(api: BotApi) -> None:
    people = [api.user() for _ in range(20)]
    gate = api.hold("sendMessage")
    stop = asyncio.Event()
    task = asyncio.create_task(serve(settings_for(api.url), Parrot(), stop))
    for number in range(200):
        people[number % 20].send(f"{number}")
    await gate.reached(20)
    stop.set()
    gate.release()
    await asyncio.wait_for(task, 10)
    assert [len(person.received) for person in people] == [10] * 20
    assert api.pending == []


@pytest.mark.usefixtures("short_pauses")
async def test_a_conflict_is_one_line_with_cause_and_remedy(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    async with serving(api):
        await anna.ask("before")
        api.fail("getUpdates", 409, times=5, description="Conflict: terminated by other getUpdates request")
        anna.send("during")
        await anna.next_message()
        api.fail("getUpdates", 409, times=2, description="Conflict: terminated by other getUpdates request")
        anna.send("again")
        await anna.next_message()
    lines = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert len(lines) == 1
    assert "another process polls Telegram with the same token" in lines[0]
    assert "stop the other one" in lines[0]


@pytest.mark.usefixtures("short_pauses")
async def test_two_bots_with_one_token_both_say_so_and_go_on(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    async with serving(api):
        await anna.ask("alone")
        async with serving(api):
            await api.until(lambda: any(call.status == 409 for call in api.calls))
        anna.send("alone again")
        await anna.until_says("You said: alone again")
    assert "another process polls" in caplog.text


async def test_a_webhook_that_is_still_set_is_removed(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    api.webhook_url = "https://example.org/hook"
    with caplog.at_level("INFO"):
        async with serving(api):
            await api.user().ask("hi")
    assert api.webhook_url == ""
    assert "a webhook was still set" in caplog.text


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_ends_the_bot_with_one_line(api: BotApi, method: str, status: int) -> None:
    api.fail(method, status, times=10**6, description={401: "Unauthorized", 404: "Not Found"}[status])
    with pytest.raises(TokenError) as raised:
        await asyncio.wait_for(serve(settings_for(api.url), Parrot(), asyncio.Event()), 5)
    assert "TELEGRAM_BOT_TOKEN" in str(raised.value)
    assert "@BotFather" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert SECRET not in str(raised.value)
    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "token", [None, "", "abc", "123456", ":abc", "12 3:abc", "12:a b", f"'{TOKEN}'", f"bot{TOKEN}"]
)
def test_a_missing_or_malformed_token_is_found_without_any_call(token: str | None) -> None:
    with pytest.raises(TokenError) as raised:
        valid_token(token)
    assert "@BotFather" in str(raised.value)
    assert SECRET not in str(raised.value)


async def test_the_send_rate_is_kept(api: BotApi) -> None:
    people = [api.user() for _ in range(12)]
    for person in people:
        person.send("hi")
    started = asyncio.get_running_loop().time()
    async with serving(api, send_rate=10.0):
        for person in people:
            await person.next_message()
    assert 0.15 < asyncio.get_running_loop().time() - started < 3


@pytest.mark.parametrize("rate", [0.0, 0.5, 1.5, 30.0])
async def test_any_send_rate_can_send(api: BotApi, rate: float) -> None:
    async with serving(api, send_rate=rate):
        await api.user().ask("hi")
