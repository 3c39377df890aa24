"""How much of what one chat sends is answered, so that its flood leaves the others their turn.

Judged on arrival: a message that will not be answered must not wait behind those that will. aiolimiter, which
limits what is sent, cannot do this: it makes callers wait, and does not know when a flood is over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic

from telegram import Update
from telegram.constants import ChatType, FloodLimit

MINUTE = 60.0

PER_MINUTE = 60
"""Questions, presses or searches of one person that are answered: Telegram lets a bot send one message a
second to a chat, and short bursts."""

PER_MINUTE_IN_GROUP = int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP) - 1
"""The same for a group, where Telegram lets a bot send 20 messages a minute; one is left to say so."""

AT_ONCE = 20
"""Updates of one chat in work at once; more make its bucket full. They are answered one after the other, and
Telegram lets nobody poll past the hundred that come after the oldest in work."""


@dataclass(frozen=True, slots=True)
class Flooded:
    """Takes the place of an update that is one too many. `first`: the first of this flood."""

    update: Update
    first: bool


@dataclass(slots=True)
class Bucket:
    """Fills with what is answered, and leaks as much as a minute allows."""

    level: float
    at: float
    over: bool = False


class FloodGate:
    """Judges updates on arrival. Remembers a chat for as long as its bucket is not empty: a minute."""

    def __init__(self, handles: Callable[[Update], bool], clock: Callable[[], float] = monotonic) -> None:
        """`handles`: whether an update is for the bot at all; the chatter of a group is no flood."""
        self._handles = handles
        self._clock = clock
        self._buckets: dict[Hashable, Bucket] = {}

    def __len__(self) -> int:
        """How many chats it remembers."""
        return len(self._buckets)

    def judge(self, update: Update, in_work: int = 0) -> Update | Flooded | None:
        """What is to be handled: the update, a `Flooded` in its place, or nothing.

        `in_work` is how many of its chat are in work.
        """
        if not self._handles(update):
            return None
        chat, user = update.effective_chat, update.effective_user
        if chat and chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
            full = self._admit(chat.id, PER_MINUTE_IN_GROUP, in_work)
        else:
            # Searches and presses on shared answers come from no chat that the bot knows: they count apart.
            full = self._admit(chat.id if chat else ("inline", user and user.id), PER_MINUTE, in_work)
        if full is None:
            return update
        first, full.over = not full.over, True
        # A press shows a spinner until it is acknowledged, so each must be. Searches come with every letter
        # that is typed: nobody waits for those that are over.
        return Flooded(update, first) if update.callback_query or (first and chat) else None

    def _admit(self, key: Hashable, per_minute: int, in_work: int) -> Bucket | None:
        """None if there is room for one more, else the bucket that is full."""
        now = self._clock()
        self._forget(now)
        bucket = self._buckets.get(key) or Bucket(0.0, now)
        level = max(bucket.level - (now - bucket.at) * per_minute / MINUTE, 0.0)
        if in_work >= AT_ONCE:
            level = per_minute
        if level + 1 > per_minute:
            self._keep(key, Bucket(level, now, bucket.over))
            return self._buckets[key]
        over = bucket.over and level > 0
        self._keep(key, Bucket(level + 1, now, over))
        return None

    def _keep(self, key: Hashable, bucket: Bucket) -> None:
        # At the end of the dictionary: it stays in the order of `at`.
        self._buckets.pop(key, None)
        self._buckets[key] = bucket

    def _forget(self, now: float) -> None:
        """Drops the buckets that have leaked empty: those that nothing came into for a minute."""
        while self._buckets:
            oldest = next(iter(self._buckets))
            if now - self._buckets[oldest].at < MINUTE:
                break
            del self._buckets[oldest]
