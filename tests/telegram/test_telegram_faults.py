"""The real process and what goes wrong around it; what takes long is marked `soak`."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from botapi import TOKEN, BotApi
from conftest import SECRET, BotProcess
from courier import Courier

Start = Callable[..., Awaitable[BotProcess]]

ANSWERS = "answers on Telegram"
QUESTION = "How many episodes are there?"

HOOK = {"WEBHOOK_URL": "https://bot.example.org/x", "WEBHOOK_SECRET": "a-secret-of-some-length_0"}

FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 1, "description": "Too Many Requests: retry after 1"},
    "500": {"status": 500},
    "502 with a page": {"status": 502, "body": "<html><body>Bad Gateway</body></html>"},
    "half an answer": {"status": 200, "body": '{"ok": true, "resu'},
    "reset": {"status": 0, "drop": True},
}

FAKETIME = next(iter(map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def resident(bot: BotProcess) -> float:
    """Megabytes of memory that the process takes."""
    status = Path(f"/proc/{bot.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_send_that_fails_is_repeated_until_the_user_has_it(
    api: BotApi, start_bot: Start, fault: dict[str, Any]
) -> None:
    bot = await start_bot(api)
    await bot.says(ANSWERS)
    api.fail("sendMessage", times=2, **fault)
    anna = api.user()
    assert "six" in (await anna.ask(QUESTION)).text
    assert await bot.stop() == 0
    assert len(anna.received) == 1
    assert "Traceback" not in bot.output
    assert "WARNING" not in bot.output


async def test_telegram_goes_away_in_the_middle_and_comes_back(
    start_bot: Start, unused_tcp_port: int
) -> None:
    api = BotApi(port=unused_tcp_port)
    people = [api.user() for _ in range(20)]
    async with api:
        bot = await start_bot(api)
        await bot.says(ANSWERS)
        fault = api.fail("sendMessage", 0, drop=True, times=10**6)
        for person in people:
            person.send(QUESTION)
        await api.until(lambda: len(api.calls_of("sendMessage")) >= 20)
    await bot.says("Telegram cannot be reached")
    for person in people:
        assert person.received == []
        person.send("How long is one?")
    fault.times = 0
    async with api:
        for person in people:
            await person.next_message()
            await person.next_message()
        assert await bot.stop() == 0
    assert api.violations == []
    assert bot.output.count("cannot be reached") == 1
    assert bot.output.count("Telegram answers again") == 1
    assert "Traceback" not in bot.output


async def test_two_hundred_that_wait_at_a_signal_are_answered_within_ten_seconds(
    api: BotApi, start_bot: Start
) -> None:
    people = [api.user() for _ in range(50)]
    for number in range(200):
        people[number % 50].send(QUESTION)
    bot = await start_bot(api)  # at Telegram's own limit, 30 a second
    await api.until(lambda: api.calls_of("sendMessage"))
    assert await bot.stop(signal.SIGTERM, within=10) == 0
    assert [len(person.received) for person in people] == [4] * 50
    assert api.pending == []
    assert "Traceback" not in bot.output


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_handler_that_raises_costs_an_apology_and_one_log_entry_and_the_next_update_is_served(
    api: BotApi, start_bot: Start, unused_tcp_port: int, way: str
) -> None:
    port = {"HOST": "127.0.0.1", "PORT": str(unused_tcp_port)}
    bot = await start_bot(
        api, module="tests.telegram.stumbling", **port, **(HOOK if way == "webhook" else {})
    )
    await bot.says(ANSWERS)
    anna, berta = api.user(), api.user("de")
    async with Courier(api, f"http://127.0.0.1:{unused_tcp_port}"):
        anna.send("boom")
        anna.send(QUESTION)
        berta.send("boom")
        assert "wrong" in (await anna.next_message()).text
        assert "six" in (await anna.next_message()).text
        assert "schiefgegangen" in (await berta.next_message()).text
        await api.until(lambda: sorted(api.confirmed) == [1000, 1001, 1002])
    assert await bot.stop() == 0
    assert [len(anna.received), len(berta.received)] == [2, 1]
    errors = [line for line in bot.lines if " ERROR " in line]
    assert [line.partition(" ERROR ")[2] for line in errors] == [
        "bot.telegram.handlers: an update could not be handled"
    ] * 2
    assert bot.output.count("Traceback (most recent call last)") == 2
    assert bot.output.count("RuntimeError: the assistant fell over a bug") == 2


async def test_a_flood_from_one_chat_keeps_nobody_waiting(
    api: BotApi, start_bot: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = await start_bot(api, SEND_RATE="0")
    await bot.says(ANSWERS)
    api.delay("sendMessage", 0.05)
    flooder, others = api.user(), [api.user() for _ in range(100)]
    loop = asyncio.get_running_loop()

    async def waits(person: Any) -> float:
        asked = loop.time()
        await person.ask(QUESTION)
        return loop.time() - asked

    asking = []
    for number in range(1000):
        flooder.send(f"{QUESTION} {number}")
        if number % 10 == 9:
            asking.append(asyncio.create_task(waits(others[number // 10])))
            await asyncio.sleep(0)
    times = sorted([await each for each in asking])
    with capsys.disabled():
        print(f"\nflood of 1000 from one chat: the others' median {times[50]:.2f} s, p99 {times[98]:.2f} s")
    assert times[98] < 2
    await api.until(lambda: not api.pending)
    assert [len(person.received) for person in others] == [1] * 100
    assert await bot.stop() == 0


async def test_neither_token_nor_secret_is_in_any_output_or_page_however_much_goes_wrong(
    api: BotApi, start_bot: Start, unused_tcp_port: int
) -> None:
    secret = "s3cret-of-the-webhook-0123456789"
    port, hook = str(unused_tcp_port), f"http://127.0.0.1:{unused_tcp_port}"
    quoting = f"{TOKEN} {secret}"
    api.fail("getMe", 502, body=f"<html>{quoting}</html>")
    api.fail("setWebhook", 500, description=f"cannot POST /bot{TOKEN}/setWebhook {secret}")
    api.fail("sendMessage", 500, description=quoting)
    api.fail("sendMessage", 400, description=f"Bad Request: {quoting}")
    api.fail("answerCallbackQuery", 429, retry_after=1, description=quoting)
    api.drop("editMessageText")
    bot = await start_bot(
        api,
        LOG_LEVEL="DEBUG",
        WEBHOOK_URL="https://bot.example.org/x",
        WEBHOOK_SECRET=secret,
        HOST="127.0.0.1",
        PORT=port,
    )
    await bot.says(ANSWERS)
    anna = api.user("en", "Annabella")
    async with Courier(api, hook) as courier, aiohttp.ClientSession() as client:
        anna.send("When does it start?")
        assert "wrong" in (await anna.next_message()).text  # the apology
        answer = await anna.ask("When does it start?")
        anna.press(answer, "Auf Deutsch")
        await anna.next_edit()
        assert await courier.post({"update_id": 5}, secret=secret[:-1]) == 401
        assert await courier.post([secret]) == 400
        async with client.get(f"{hook}/metrics") as response:
            page = await response.text()
        async with client.get(f"{hook}/healthz") as response:
            page += await response.text()
    assert await bot.stop() == 0
    assert "<token>" in bot.output
    assert bot.output.count("Traceback (most recent call last)") == 1
    for private in (SECRET, secret, "Annabella", str(anna.id), "When does it start"):
        assert private not in page
        assert private not in bot.output


async def test_a_full_disk_for_unanswered_questions_is_a_warning_and_the_bot_goes_on(
    api: BotApi, start_bot: Start
) -> None:
    bot = await start_bot(api, QUESTION_LOG="/dev/full")
    anna = api.user()
    for _ in range(3):
        await anna.ask("What is the capital of Australia?")
    assert await bot.stop() == 0
    assert bot.output.count("No space left on device") == 1
    assert "Traceback" not in bot.output


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed: apt-get install faketime")
@pytest.mark.parametrize("jump", ["+400d", "-400d"])
async def test_a_wall_clock_that_jumps_disturbs_nothing(
    api: BotApi, start_bot: Start, command: Any, unused_tcp_port: int, tmp_path: Path, jump: str
) -> None:
    assert FAKETIME is not None
    clock, port = tmp_path / "clock", str(unused_tcp_port)
    clock.write_text("+0\n")
    fake = {
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    bot = await start_bot(api, HOST="127.0.0.1", PORT=port, **fake)
    anna = api.user()
    await anna.ask(QUESTION)
    clock.write_text(f"{jump}\n")
    for _ in range(3):
        assert "six" in (await anna.ask(QUESTION)).text
    years = {line[:4] for line in bot.lines}
    assert len(years) >= 2, "the clock did not jump"
    assert await command("health", PORT=port) == (0, "ok\n")
    assert await bot.stop() == 0
    assert "Traceback" not in bot.output


@pytest.mark.soak
async def test_a_send_that_stalls_for_half_a_minute_is_not_said_twice(api: BotApi, start_bot: Start) -> None:
    bot = await start_bot(api)
    await bot.says(ANSWERS)
    api.delay("sendMessage", 30, times=1)
    anna, berta = api.user(), api.user()
    anna.send(QUESTION)
    await api.until(lambda: api.calls_of("sendMessage"))
    await berta.ask(QUESTION)
    await anna.next_message(within=40)
    await api.until(lambda: api.confirmed == [1000, 1001])
    assert await bot.stop() == 0
    assert len(anna.received) == 1


@pytest.mark.soak
async def test_a_minute_without_getupdates_is_said_once_and_loses_nothing(
    api: BotApi, start_bot: Start, command: Any, unused_tcp_port: int
) -> None:
    bot = await start_bot(api, HOST="127.0.0.1", PORT=str(unused_tcp_port))
    anna = api.user()
    await anna.ask(QUESTION)
    fault = api.fail("getUpdates", 502, times=10**6, body="<html>Bad Gateway</html>")
    for _ in range(3):
        anna.send(QUESTION)
    await asyncio.sleep(60)
    assert api.pending
    fault.times = 0
    await api.until(lambda: not api.pending, within=40)
    assert len(anna.received) == 4
    assert await command("health", PORT=str(unused_tcp_port)) == (0, "ok\n")
    assert await bot.stop() == 0
    assert bot.output.count("Telegram cannot be reached") == 1
    assert bot.output.count("Telegram answers again") == 1
    assert len(api.calls_of("getUpdates")) < 30


@pytest.mark.soak
@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_ten_thousand_updates_from_a_thousand_chats_none_lost_none_twice_memory_flat(
    api: BotApi, start_bot: Start, unused_tcp_port: int, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    port = {"HOST": "127.0.0.1", "PORT": str(unused_tcp_port)}
    bot = await start_bot(api, SEND_RATE="0", **port, **(HOOK if way == "webhook" else {}))
    await bot.says(ANSWERS)
    people = [api.user() for _ in range(1000)]
    memory = []
    started = asyncio.get_running_loop().time()
    async with Courier(api, f"http://127.0.0.1:{unused_tcp_port}"):
        for turn in range(10):
            for person in people:
                person.send(QUESTION)
            await api.until(lambda n=turn: len(api.confirmed) >= 1000 * (n + 1), within=60)  # type: ignore[misc]
            memory.append(resident(bot))
    seconds = asyncio.get_running_loop().time() - started
    growth = memory[-1] - memory[1]
    with capsys.disabled():
        print(f"\n10,000 updates, {way}: {seconds:.0f} s; {memory[1]:.0f} MB, growth {growth:.1f} MB")
    assert [len(person.received) for person in people] == [10] * 1000
    assert growth < 10
    assert await bot.stop() == 0
    assert "Traceback" not in bot.output
