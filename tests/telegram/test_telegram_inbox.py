"""The inbox alone: which updates are taken, and what may be confirmed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from telegram import Chat, Message, Update

from bot.telegram.inbox import REMEMBERED, Inbox

NOW = datetime(2017, 6, 9, tzinfo=UTC)


def update(number: int, chat: int = 1) -> Update:
    return Update(number, message=Message(number, NOW, Chat(chat, "private"), text="hi"))


class Desk:
    """Handles updates one by one as the test says."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}

    async def handle(self, item: Update) -> None:
        self.started.append(item.update_id)
        await self.gates.setdefault(item.update_id, asyncio.Event()).wait()

    async def finish(self, inbox: Inbox, *numbers: int) -> None:
        before = len(inbox)
        for number in numbers:
            self.gates.setdefault(number, asyncio.Event()).set()
        async with asyncio.timeout(5):
            while len(inbox) > before - len(numbers):
                await inbox.wait_moved()


async def test_the_offset_is_the_lowest_that_is_not_done() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    assert inbox.offset is None
    for number in (10, 11, 12):
        assert inbox.put(update(number, chat=number))
    assert inbox.offset == 10
    await desk.finish(inbox, 11)
    assert inbox.offset == 10
    await desk.finish(inbox, 10)
    assert inbox.offset == 12
    await desk.finish(inbox, 12)
    assert inbox.offset == 13


async def test_it_can_be_waited_for_that_all_up_to_a_number_are_done() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    for number in (10, 11, 12):
        inbox.put(update(number, chat=number))
    past = asyncio.create_task(inbox.wait_past(11))
    await desk.finish(inbox, 11)
    assert not past.done()
    await desk.finish(inbox, 10)
    await asyncio.wait_for(past, 5)
    await asyncio.wait_for(inbox.wait_past(9), 5)


async def test_none_is_taken_twice_neither_in_work_nor_done() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    inbox.put(update(10, chat=1))
    inbox.put(update(11, chat=2))
    await desk.finish(inbox, 11)
    assert not inbox.put(update(10, chat=1))
    assert not inbox.put(update(11, chat=2))
    await desk.finish(inbox, 10)
    assert desk.started == [10, 11]


async def test_numbers_may_go_on_lower_as_they_do_after_a_quiet_week() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    inbox.put(update(1000))
    await desk.finish(inbox, 1000)
    assert inbox.put(update(500))
    assert inbox.offset == 500
    await desk.finish(inbox, 500)
    assert inbox.offset == 501


async def test_what_is_confirmed_need_not_be_remembered() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    for number in range(10, 20):
        inbox.put(update(number))
    await desk.finish(inbox, *range(10, 20))
    inbox.forget(20)
    assert inbox.put(update(10))
    await desk.finish(inbox, 10)


async def test_at_most_so_many_are_in_work_and_a_long_queue_takes_one_place() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle, concurrency=2)
    for number in range(10, 15):
        inbox.put(update(number, chat=1))
    inbox.put(update(20, chat=2))
    inbox.put(update(30, chat=3))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert desk.started == [10, 20]
    await desk.finish(inbox, 10)
    assert desk.started[:3] == [10, 20, 30]
    await desk.finish(inbox, 11, 12, 13, 14, 20, 30)
    assert [number for number in desk.started if number < 20] == [10, 11, 12, 13, 14]


async def test_draining_abandons_what_takes_too_long_and_leaves_it_to_telegram() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    for number in (10, 11, 12):
        inbox.put(update(number, chat=number))
    await desk.finish(inbox, 10)
    assert await inbox.drain(0.01) == 2
    assert inbox.offset == 11
    assert len(inbox) == 0


async def test_what_raises_is_done_too() -> None:
    async def fail(_: Update) -> None:
        raise RuntimeError("no")

    inbox = Inbox(fail)
    inbox.put(update(10))
    await inbox.wait_idle()
    assert inbox.offset == 11


async def test_finishing_waits_for_the_work_of_whoever_began_it_and_is_no_when_that_was_abandoned() -> None:
    desk = Desk()
    inbox = Inbox(desk.handle)
    first, second = (asyncio.create_task(inbox.finish(update(10))) for _ in range(2))
    await asyncio.sleep(0)
    await desk.finish(inbox, 10)
    assert (await first, await second, await inbox.finish(update(10))) == (True, True, True)
    assert desk.started == [10]
    abandoned = asyncio.create_task(inbox.finish(update(11)))
    await asyncio.sleep(0)
    await inbox.drain(0)
    assert await abandoned is False


async def test_what_was_done_long_ago_is_forgotten() -> None:
    inbox = Inbox(Desk().handle, lambda _, __: None)
    for number in range(REMEMBERED + 5):
        assert inbox.put(update(number))
    assert not inbox.put(update(5))
    assert inbox.put(update(4))


async def test_the_judge_is_told_how_many_of_the_chat_are_in_work() -> None:
    seen: list[int] = []
    desk = Desk()

    def judge(item: Update, in_work: int) -> Update:
        seen.append(in_work)
        return item

    inbox = Inbox(desk.handle, judge)
    for number in range(10, 13):
        inbox.put(update(number))
    inbox.put(update(20, chat=2))
    await desk.finish(inbox, 10, 11, 12, 20)
    inbox.put(update(30))
    await desk.finish(inbox, 30)
    assert seen == [0, 1, 2, 0, 0]
