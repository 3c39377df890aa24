"""A flood from one chat: the others are answered, and that chat is told once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botapi import BotApi
from conftest import serving
from parrot import Parrot
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User

from bot.telegram.flood import Flooded, FloodGate

NOW = datetime(2017, 6, 9, tzinfo=UTC)
ANNA = User(7, "Anna", is_bot=False)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> FloodGate:
    return FloodGate(lambda _: True, clock)


def message(chat: int = 7) -> Update:
    return Update(1, message=Message(1, NOW, Chat(chat, "private" if chat > 0 else "supergroup"), text="hi"))


def press(chat: int = 7) -> Update:
    shown = Message(1, NOW, Chat(chat, "private"), text="hi")
    return Update(1, callback_query=CallbackQuery("1", ANNA, "1", message=shown, data="x"))


def search() -> Update:
    return Update(1, inline_query=InlineQuery("1", ANNA, "sta", ""))


def verdicts(gate: FloodGate, update: Update, times: int) -> list[str]:
    found = (gate.judge(update) for _ in range(times))
    return [
        "silence" if verdict is None else "answer" if verdict is update else f"told {verdict.first}"
        for verdict in found
        if verdict is None or verdict is update or isinstance(verdict, Flooded)
    ]


@pytest.mark.parametrize(("chat", "limit"), [(7, 60), (-7, 19)], ids=["private", "group"])
def test_a_chat_gets_a_minutes_worth_of_answers_is_told_once_and_then_met_with_silence(
    gate: FloodGate, chat: int, limit: int
) -> None:
    assert verdicts(gate, message(chat), limit + 3) == ["answer"] * limit + ["told True"] + ["silence"] * 2


def test_too_many_at_once_count_as_a_minutes_worth_and_then_one_a_second_is_answered(
    gate: FloodGate, clock: Clock
) -> None:
    assert verdicts(gate, message(), 20) == ["answer"] * 20
    crowded = [gate.judge(message(), in_work=20) for _ in range(2)]
    assert isinstance(crowded[0], Flooded)
    assert (crowded[0].first, crowded[1]) == (True, None)
    assert verdicts(gate, message(), 1) == ["silence"]
    for _ in range(5):
        clock.now += 1
        assert verdicts(gate, message(), 2) == ["answer", "silence"]


def test_another_chat_is_not_touched(gate: FloodGate) -> None:
    verdicts(gate, message(-7), 100)
    assert verdicts(gate, message(-8), 1) == ["answer"]


def test_while_a_flood_goes_on_it_is_answered_as_fast_as_telegram_allows_and_not_told_again(
    gate: FloodGate, clock: Clock
) -> None:
    verdicts(gate, message(), 61)
    for _ in range(100):
        clock.now += 1
        assert verdicts(gate, message(), 3) == ["answer", "silence", "silence"]


def test_after_a_quiet_minute_the_next_flood_is_told_again(gate: FloodGate, clock: Clock) -> None:
    verdicts(gate, message(), 100)
    clock.now += 60
    assert verdicts(gate, message(), 61)[-2:] == ["answer", "told True"]


def test_every_press_is_passed_on_since_each_must_be_acknowledged(gate: FloodGate) -> None:
    assert verdicts(gate, press(), 63)[59:] == ["answer", "told True", "told False", "told False"]


def test_searches_count_apart_from_the_chat_and_are_never_told(gate: FloodGate) -> None:
    assert verdicts(gate, search(), 62) == ["answer"] * 60 + ["silence"] * 2
    assert verdicts(gate, message(7), 1) == ["answer"]


def test_what_is_not_for_the_bot_is_no_flood(clock: Clock) -> None:
    gate = FloodGate(lambda _: False, clock)
    assert verdicts(gate, message(), 100) == ["silence"] * 100
    assert len(gate) == 0


def test_chats_are_forgotten_after_a_minute(gate: FloodGate, clock: Clock) -> None:
    for chat in range(1, 1001):
        gate.judge(message(chat))
        clock.now += 0.1
    assert len(gate) <= 601
    clock.now += 60
    gate.judge(message(1))
    assert len(gate) == 1


async def test_a_flood_leaves_the_others_their_turn(api: BotApi) -> None:
    """Its 300 messages would take a quarter of an hour at the rate that Telegram allows in a group."""
    flooder, berta, group = api.user(), api.user(), api.group()
    to_group = lambda call: str(call["chat_id"]) == str(group.id)  # noqa: E731
    api.fail("sendMessage", 0, times=1000, delay=0.03, only=to_group)
    for number in range(300):
        flooder.send(f"@lemans_test_bot {number}", chat=group)
    berta.send("me too")
    async with serving(api, send_rate=30.0):
        assert (await berta.next_message()).text == "You said: me too"
        await api.until(lambda: not api.pending)
    texts = [seen.text for seen in group.received]
    assert texts.count("phrase slow_down") == 1
    answers = [text for text in texts if text != "phrase slow_down"]
    assert answers[:10] == [f"You said: {n}" for n in range(10)]
    assert len(answers) <= 19
    slow_down = next(seen for seen in group.received if seen.text == "phrase slow_down")
    assert slow_down.answers is not None


async def test_the_chatter_of_a_lively_group_costs_it_nothing(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    for number in range(100):
        anna.send(f"{number}", chat=group)
    assert (await anna.ask("@lemans_test_bot when?", group)).text == "You said: when?"
    assert len(group.received) == 1


async def test_a_flood_of_presses_is_told_in_a_notice_and_no_button_is_left_spinning(
    api: BotApi, bot: Parrot
) -> None:
    anna = api.user()
    asked = await anna.ask("hi")
    queries = [anna.press(asked, "Another") for _ in range(100)]
    await api.until(lambda: all(api.queries[query]["answered"] for query in queries))
    notices: list[Any] = [api.queries[query]["answered"].get("text") for query in queries]
    assert [notice for notice in notices if notice] == ["phrase slow_down"]
    await api.until(lambda: len(anna.received) >= 10)


async def test_an_update_that_cannot_be_judged_is_skipped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from bot.telegram.inbox import Inbox

    handled: list[object] = []

    async def handle(event: object) -> None:
        handled.append(event)

    def judge(update: Update, _: int) -> Update:
        if update.update_id == 1:
            raise ValueError("odd")
        return update

    inbox = Inbox(handle, judge)
    inbox.put(message())
    inbox.put(Update(2, message=message().message))
    await inbox.wait_idle()
    assert inbox.offset == 3
    assert len(handled) == 1
    assert "could not be judged" in caplog.text
