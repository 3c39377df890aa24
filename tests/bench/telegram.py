"""Telegram end to end: updates per second of the real process, beside a bare echo bot; calls take 50 ms."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from statistics import median

from bot.assistant import SHIPPED_FAQ, load_knowledge
from tests.bench.rows import Row
from tests.bench.standin import CHATS, QUESTIONS, StandIn, running

CALL = 0.05
"""Seconds that each call takes, as Telegram's do."""

UPDATES = 5_000
ROUNDS = 3
ECHO = 256
"""Updates that the echo bot takes at a time."""


def measure() -> list[Row]:
    """The ratio of the median rates of several runs, in turns."""
    load_knowledge(SHIPPED_FAQ)  # a process that has to learn it first keeps the memory
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    rows, disordered = [], 0
    for way in ("polling", "webhook"):
        rates: dict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for module, arguments in (("bot", ("run",)), ("tests.bench.echo", ())):
                async with (
                    StandIn(CALL) as api,
                    running(module, api, *arguments, concurrent=ECHO, webhook=way == "webhook"),
                ):
                    await api.ask(1)  # it has started
                    api.said.clear()
                    # The first chat has had its first question; the others go on from theirs.
                    rates[module].append(UPDATES / await api.ask(UPDATES))
                    if module == "bot":
                        disordered += sum(not _in_order(said) for said in api.said.values())
        ours, echo = median(rates["bot"]), median(rates["tests.bench.echo"])
        seen = f"{ours:.0f} against {echo:.0f} updates a second"
        rows.append(Row(f"end to end, {way} / echo bot", ours / echo, 0.9, least=True, seen=seen))
    return [*rows, Row(f"end to end: chats of {CHATS} answered out of order", disordered, 0)]


_ANSWERS: dict[int, str] = {}


def _in_order(said: list[str]) -> bool:
    """Whether the answers are those to `QUESTIONS`, in their order, wherever they begin."""
    if not _ANSWERS:
        _ANSWERS.update(_expected())
    wanted = [_ANSWERS[i % len(QUESTIONS)] for i in range(2 * len(QUESTIONS) + 1)]
    return any(wanted[i : i + len(said)] == said for i in range(len(QUESTIONS)))


def _expected() -> dict[int, str]:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.assistant import load_assistant
    from bot.telegram.render import to_html

    zone = ZoneInfo("Europe/Berlin")
    assistant = load_assistant(None, zone)
    now = datetime.now(zone)
    return {
        i: to_html(assistant.reply(question, now=now, language="de")) for i, question in enumerate(QUESTIONS)
    }
