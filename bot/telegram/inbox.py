"""Updates that have come: which are in work, in which order, and which Telegram may forget."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from telegram import Update

log = logging.getLogger(__name__)

CONCURRENT_UPDATES = 64
"""Updates in work at once, over all chats. A call to Telegram takes 50-100 ms, nearly all of it waiting."""

REMEMBERED = 10_000
"""Updates that are done and still known by their number, in case Telegram delivers them again."""


class Inbox:
    """Handles updates side by side, those of one chat in their order, none twice.

    `judge` is told an update on arrival, and how many of its chat are in work; it says what is to be handled:
    the update, in the order of its chat; something in its place, out of turn; or nothing. `handle` is awaited
    once for each of these; what it raises is logged, and the update counts as done.
    """

    def __init__(
        self,
        handle: Callable[[object], Awaitable[None]],
        judge: Callable[[Update, int], object | None] = lambda update, _: update,
        *,
        concurrency: int = CONCURRENT_UPDATES,
    ) -> None:
        self._handle = handle
        self._judge = judge
        self._places = asyncio.Semaphore(concurrency)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        # A dictionary for its order: the oldest go first.
        self._done: dict[int, None] = {}
        self._of_chat: Counter[int] = Counter()
        self._last_of_chat: dict[int, asyncio.Task[None]] = {}
        self._next: int | None = None
        self._moved = asyncio.Event()

    def __len__(self) -> int:
        """How many updates are in work."""
        return len(self._tasks)

    def __contains__(self, number: int) -> bool:
        """Whether the update of this number is in work, or was done lately."""
        return number in self._tasks or number in self._done

    @property
    def offset(self) -> int | None:
        """The id to ask Telegram for next: the lowest that is not done. All below may be forgotten there."""
        return min(self._tasks) if self._tasks else self._next

    def put(self, update: Update) -> bool:
        """Starts work on the update, unless it is in work or was done already: then False."""
        number = update.update_id
        if number in self:
            return False
        # Not max(): after a quiet week Telegram goes on from a random number, which may be lower.
        self._next = number + 1
        chat = _chat(update)
        try:
            event = self._judge(update, self._of_chat[chat])
        except Exception:
            # Else it would come again and again, and nothing after it.
            log.exception("an update could not be judged, and is skipped")
            event = None
        if event is None:
            self._remember(number)
            return True
        if event is update:
            task = asyncio.create_task(self._work(event, self._last_of_chat.get(chat)))
            self._last_of_chat[chat] = task
        else:
            task = asyncio.create_task(self._work(event, None))
        self._tasks[number] = task
        self._of_chat[chat] += 1
        task.add_done_callback(lambda done: self._finish(number, chat, done))
        return True

    async def finish(self, update: Update) -> bool:
        """Returns when the update is handled, by this call or an earlier one; False if that was abandoned."""
        self.put(update)
        if task := self._tasks.get(update.update_id):
            # Not `await task`: whoever waits may leave, and the work goes on.
            await asyncio.wait([task])
        return update.update_id in self._done

    def forget(self, confirmed: int) -> None:
        """Telegram has confirmed all below `confirmed` and will not deliver them again."""
        self._done = {number: None for number in self._done if number >= confirmed}

    async def wait_moved(self) -> None:
        """Returns when some update gets done."""
        self._moved.clear()
        if self._tasks:
            await self._moved.wait()

    async def wait_past(self, number: int) -> None:
        """Returns when no update up to this number is in work."""
        while self._tasks and min(self._tasks) <= number:
            await self.wait_moved()

    async def wait_idle(self) -> None:
        """Returns when nothing is in work."""
        while self._tasks:
            await self.wait_moved()

    async def drain(self, seconds: float) -> int:
        """Gives what is in work that long to finish, then abandons it; returns how many were abandoned.

        Abandoned updates stay below `offset`, so that Telegram delivers them again to the next process.
        """
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        abandoned = list(self._tasks.values())
        self._next = self.offset
        for task in abandoned:
            task.cancel()
        await asyncio.gather(*abandoned, return_exceptions=True)
        return len(abandoned)

    async def _work(self, event: object, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            # Outside the semaphore: a chat with a long queue must not take the places of the others.
            await asyncio.wait([before])
        async with self._places:
            try:
                await self._handle(event)
            except Exception:
                log.exception("an update could not be handled")

    def _finish(self, number: int, chat: int, task: asyncio.Task[None]) -> None:
        del self._tasks[number]
        self._of_chat[chat] -= 1
        if not self._of_chat[chat]:
            del self._of_chat[chat]
        if not task.cancelled():
            self._remember(number)
        if self._last_of_chat.get(chat) is task:
            del self._last_of_chat[chat]
        self._moved.set()

    def _remember(self, number: int) -> None:
        self._done[number] = None
        if len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]


def _chat(update: Update) -> int:
    if update.effective_chat:
        return update.effective_chat.id
    if update.effective_user:
        return update.effective_user.id
    return 0
