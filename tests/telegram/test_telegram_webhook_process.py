"""The real process with a webhook, and the commands around it: `health`, `webhook delete`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from botapi import TOKEN, BotApi
from conftest import BotProcess
from courier import Courier

Start = Callable[..., Awaitable[BotProcess]]

SECRET = "a-secret-of-some-length_0"
HOOK = {
    "WEBHOOK_URL": "https://bot.example.org/x",
    "WEBHOOK_SECRET": SECRET,
    "HOST": "127.0.0.1",
    "SEND_RATE": "0",
}


async def test_questions_are_answered_and_a_signal_leaves_the_webhook_set(
    api: BotApi, start_bot: Start, unused_tcp_port: int
) -> None:
    bot = await start_bot(api, **HOOK, PORT=str(unused_tcp_port))
    await bot.says(r"answers on Telegram \(webhook\)")
    async with Courier(api, f"http://127.0.0.1:{unused_tcp_port}/x"):
        jana = api.user("de")
        answer = await jana.ask("Wann startet die Serie?")
        assert "9. Juni 2017" in answer.text
        jana.press(answer, "In English")
        assert "9 June 2017" in (await jana.next_edit()).text
        await api.until(lambda: api.confirmed == [1000, 1001])
    assert await bot.stop() == 0
    assert api.webhook_url == HOOK["WEBHOOK_URL"]
    line = await bot.says("question kind=answer")
    assert "question kind=answer entry=start score=" in line
    assert " margin=0." in line
    assert " language=de ms=" in line
    assert "Traceback" not in bot.output


async def test_at_a_signal_all_two_hundred_that_were_delivered_are_answered(
    api: BotApi, start_bot: Start, unused_tcp_port: int
) -> None:
    bot = await start_bot(api, **HOOK, PORT=str(unused_tcp_port))
    await bot.says("answers on Telegram")
    people = [api.user() for _ in range(50)]
    gate = api.hold("sendMessage")
    for number in range(200):
        people[number % 50].send(f"How many episodes are there? {number}")
    async with Courier(api, f"http://127.0.0.1:{unused_tcp_port}", connections=200) as courier:
        await gate.reached(50)
        await api.until(lambda: courier.attempts == 200)
        # Behind all deliveries in the line: it answers when they are in.
        health = f"http://127.0.0.1:{unused_tcp_port}/healthz"
        async with aiohttp.ClientSession() as client, client.get(health) as response:
            assert response.status == 200
        bot.process.send_signal(signal.SIGTERM)
        await bot.says("stopping")
        gate.release()
        assert await bot.ends(10) == 0
    assert [len(person.received) for person in people] == [4] * 50
    assert "Traceback" not in bot.output


async def test_health_is_asked_in_both_modes_by_exit_status_and_one_line(
    api: BotApi, start_bot: Start, command: Callable[..., Awaitable[tuple[int, str]]], unused_tcp_port: int
) -> None:
    port = {"PORT": str(unused_tcp_port)}
    for mode in ({"HOST": "127.0.0.1"}, HOOK):
        status, said = await command("health", **port)
        assert (status, said.count("\n")) == (1, 1)
        assert "no bot answers" in said
        bot = await start_bot(api, **mode, **port)
        await bot.says("answers on Telegram")
        async with asyncio.timeout(10):
            while (await command("health", **port)) != (0, "ok\n"):
                pass
        assert await bot.stop() == 0


async def test_a_bot_that_cannot_reach_telegram_says_so_when_asked(
    start_bot: Start, command: Callable[..., Awaitable[tuple[int, str]]], unused_tcp_port: int
) -> None:
    bot = await start_bot("http://127.0.0.1:9", HOST="127.0.0.1", PORT=str(unused_tcp_port))
    await bot.says("Telegram cannot be reached")
    status, said = await command("health", PORT=str(unused_tcp_port))
    assert (status, said) == (1, "lemans-bot: the bot cannot serve: Telegram has not answered yet\n")


async def test_a_port_that_is_taken_is_one_line_and_status_2(api: BotApi, start_bot: Start) -> None:
    bot = await start_bot(api, HOST="127.0.0.1", PORT=str(api.port))
    assert await bot.ends() == 2
    assert len(bot.lines) == 1
    assert f"PORT {api.port}" in bot.output


async def test_webhook_delete_removes_it_and_keeps_what_waits(
    api: BotApi, command: Callable[..., Awaitable[tuple[int, str]]]
) -> None:
    api.webhook_url = HOOK["WEBHOOK_URL"]
    api.user().send("waits")
    env = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url}
    assert await command("webhook", "delete", **env) == (
        0,
        "The webhook of @lemans_test_bot is removed; 1 updates wait.\n",
    )
    assert api.webhook_url == ""
    assert len(api.pending) == 1
    status, said = await command("webhook", "delete", **env)
    assert (status, said) == (0, "@lemans_test_bot has no webhook: nothing to remove.\n")


@pytest.mark.parametrize(("fault", "expected"), [("token", 78), ("network", 1)])
async def test_webhook_delete_that_fails_is_one_line(
    api: BotApi, command: Callable[..., Awaitable[tuple[int, str]]], fault: str, expected: int
) -> None:
    env = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url}
    if fault == "token":
        api.token = "1:other"
    else:
        env["TELEGRAM_API_URL"] = "http://127.0.0.1:9"
    status, said = await command("webhook", "delete", **env)
    assert (status, said.count("\n")) == (expected, 1)
    assert TOKEN not in said
