"""What one update costs in CPU, and what the process takes in memory, beside a bare echo bot."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from statistics import median

from bot.assistant import SHIPPED_FAQ, load_knowledge
from tests.bench.rows import Row
from tests.bench.standin import StandIn, running

WARM = 2_000
UPDATES = 8_000
"""After the first `WARM`."""

ROUNDS = 3


def measure() -> list[Row]:
    """Ratios of the medians of all rounds, in turns; the echo bot takes one update at a time."""
    load_knowledge(SHIPPED_FAQ)  # a process that has to learn it first keeps the memory
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    cpu: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, module, arguments in (("ours", "bot", ("run",)), ("echo", "tests.bench.echo", ())):
            async with StandIn(0) as api, running(module, api, *arguments) as process:
                await api.ask(1)  # it has started
                idle = process.memory_info().rss
                await api.ask(WARM)
                warm, before = process.memory_info().rss, sum(process.cpu_times()[:2])
                await api.ask(UPDATES)
                cpu[name].append(sum(process.cpu_times()[:2]) - before)
                memory[name].append((idle, warm, process.memory_info().rss))
    ours, echo = (median(cpu[name]) / UPDATES * 1e6 for name in ("ours", "echo"))
    idle, warm, full = (median(each) / 1e6 for each in zip(*memory["ours"], strict=True))
    idle_echo, _, full_echo = (median(each) / 1e6 for each in zip(*memory["echo"], strict=True))
    return [
        Row("CPU of an update / echo bot", ours / echo, 1.3, seen=f"{ours:.0f} µs against {echo:.0f} µs"),
        Row(
            "memory of `run`, idle / echo bot",
            idle / idle_echo,
            1.6,
            seen=f"{idle:.0f} MB against {idle_echo:.0f} MB",
        ),
        Row(
            "memory of `run`, after 10,000 updates / echo bot",
            full / full_echo,
            1.6,
            seen=f"{full:.0f} MB against {full_echo:.0f} MB",
        ),
        Row(
            "memory of `run`, after 10,000 / after 2,000 updates",
            full / warm,
            1.02,
            seen=f"{warm:.0f} MB then",
        ),
    ]
