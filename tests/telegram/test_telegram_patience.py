"""Calls that fail for a reason that may pass are repeated; those that fail for good are told in one line."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botapi import BotApi
from conftest import serving
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram import trouble
from bot.telegram.patience import PATIENCE, may_pass

FAULTS = {
    "429": {"status": 429, "retry_after": 1, "description": "Too Many Requests: retry after 1"},
    "500": {"status": 500},
    "502 with a page": {"status": 502, "body": "<html>Bad Gateway</html>"},
    "404 with a page": {"status": 404, "body": "404 page not found"},
    "half an answer": {"status": 200, "body": '{"ok": true, "resu'},
    "cut off": {"status": 0, "drop": True},
}

by_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@by_fault
@pytest.mark.usefixtures("short_pauses")
async def test_a_message_is_sent_again_until_telegram_takes_it(api: BotApi, fault: dict[str, Any]) -> None:
    anna = api.user()
    api.fail("sendMessage", times=1 if fault["status"] == 429 else 3, **fault)
    async with serving(api):
        anna.send("hi")
        assert (await anna.next_message()).text == "You said: hi"
        await api.until(lambda: api.confirmed == [1000])
    assert len(anna.received) == 1


@by_fault
@pytest.mark.usefixtures("short_pauses")
async def test_edits_and_answers_to_presses_and_searches_are_repeated_too(
    api: BotApi, fault: dict[str, Any]
) -> None:
    anna = api.user()
    async with serving(api) as task:
        answer = await anna.ask("hi")
        for method in ("editMessageText", "answerCallbackQuery", "answerInlineQuery"):
            api.fail(method, **fault)
        query = anna.press(answer, "Did you mean the start of the series?")
        assert (await anna.next_edit()).text == "pressed choose:en:start"
        assert api.queries[query]["answered"]
        assert await anna.search("when").titles() == ["when"]
        assert not task.done()


async def test_telegrams_own_pause_is_kept_by_that_chat_alone(api: BotApi) -> None:
    anna, berta = api.user(), api.user()
    only = lambda call: str(call["chat_id"]) == str(anna.id)  # noqa: E731
    api.fail("sendMessage", 429, retry_after=1, description="Too Many Requests", only=only)
    loop = asyncio.get_running_loop()
    async with serving(api):
        started = loop.time()
        anna.send("hi")
        await api.until(lambda: any(call.status == 429 for call in api.calls))
        await berta.ask("hi")
        assert anna.received == []
        await anna.next_message()
        assert loop.time() - started >= 1


@pytest.mark.usefixtures("short_pauses")
async def test_what_fails_for_good_is_one_line_and_the_next_is_answered(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for method in PATIENCE:
        monkeypatch.setitem(PATIENCE, method, 0.1)
    anna, berta = api.user(), api.user()
    only = lambda call: str(call["chat_id"]) == str(anna.id)  # noqa: E731
    async with serving(api):
        answer = await berta.ask("hi")
        fault = api.fail("sendMessage", 502, times=10**6, body="<html>Bad\nGateway</html>", only=only)
        anna.send("lost")
        await api.until(lambda: 1001 in api.confirmed)
        assert 10**6 - fault.times > 3
        api.fail("answerCallbackQuery", 500, times=10**6)
        berta.press(answer, "Another")
        assert (await berta.next_message()).text == "pressed answer:en:start"
    warnings = [r.getMessage() for r in caplog.records if r.levelname in ("WARNING", "ERROR")]
    assert [line.partition(":")[0] for line in warnings] == [
        "reply not delivered",
        "a button was left spinning",
    ]
    assert not any("\n" in line for line in warnings)


async def test_a_pause_beyond_all_patience_is_not_waited_for(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    api.fail("sendMessage", 429, retry_after=3600, description="Too Many Requests")
    async with serving(api):
        anna.send("lost")
        assert (await anna.ask("next")).text == "You said: next"
    assert "reply not delivered" in caplog.text


def test_only_what_may_pass_is_repeated() -> None:
    page = InvalidToken("Not Found")
    page.__cause__ = TelegramError("Invalid server response")
    passing = [RetryAfter(3), NetworkError("502"), TimedOut(), TelegramError("Invalid server response"), page]
    lasting = [BadRequest("x"), Forbidden("x"), Conflict("x"), ChatMigrated(5), InvalidToken(), ValueError()]
    assert [may_pass(error) for error in passing] == [True] * len(passing)
    assert [may_pass(error) for error in lasting] == [False] * len(lasting)


def test_pauses_double_up_to_a_limit_however_long_it_takes() -> None:
    pauses = [trouble.growing_pause(attempt) for attempt in (1, 2, 3, 7, 8, 10**6)]
    assert pauses == [0.5, 1.0, 2.0, 30.0, 30.0, 30.0]
