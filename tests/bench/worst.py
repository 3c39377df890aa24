"""The worst that 4,096 characters can do, beside an ordinary question."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.assistant import SHIPPED_FAQ, Assistant, load_knowledge
from bot.loader import load_faq
from bot.text import words
from evaluation.cases import load_cases
from tests.bench.rows import Row
from tests.bench.timing import latencies

LENGTH = 4096
"""Telegram cuts messages there."""

SHAPES = 100

ROUNDS = 3
"""A machine does other things too: of the three times for a text the shortest counts."""


def shapes(known: list[str]) -> Iterator[str]:
    """Texts of `LENGTH` characters that make somebody work; `known` are words of the FAQ."""
    draw = random.Random(4)

    def typo(word: str) -> str:
        at = draw.randrange(1, max(2, len(word) - 1))
        return word[:at] + draw.choice(string.ascii_lowercase) + word[at + draw.randrange(2) :]

    def filled(make: object, between: str = " ") -> str:
        text = ""
        while len(text) < LENGTH:
            text += make() + between  # type: ignore[operator]
        return text[:LENGTH]

    def noise(least: int, most: int) -> str:
        return "".join(draw.choices(string.ascii_lowercase, k=draw.randint(least, most)))

    for one in (
        "a",
        "ß",
        "?",
        " ",
        "\n",
        "1",
        "🏁",
        "\u0301",
        "a.",
        "a ",
        "ﷺ",
        "wann ",
        "and ",
        "who? ",
        "İ",
    ):
        yield (one * LENGTH)[:LENGTH]
    long = [word for word in known if len(word) > 5]
    base = draw.choice(long)
    while True:
        yield filled(lambda: typo(base))
        yield filled(lambda: typo(draw.choice(long)))
        yield filled(lambda: typo(draw.choice(long)), "? ")
        yield filled(lambda: typo(draw.choice(long)), "?\n")
        yield filled(lambda: draw.choice(known))
        yield filled(lambda: f"wann {draw.choice(known)} {typo(draw.choice(long))}", "? ")
        yield filled(lambda: draw.choice(long) + draw.choice(long))
        yield filled(lambda: noise(1, 2))
        yield filled(lambda: noise(6, 9))
        yield filled(lambda: noise(20, 60))
        yield filled(lambda: " ".join(noise(3, 9) for _ in range(7)), ". ")


def measure() -> list[Row]:
    """The slowest of `SHAPES` texts, each heard by a bot that has heard none of its words."""
    utterances = (each for language in load_faq(SHIPPED_FAQ).languages.values() for _, each in language.pairs)
    known = sorted({word for each in utterances for word in words(each)})
    ordinary = [case.question for case in load_cases() if case.kind == "answer" and case.style != "story"]
    texts = [text for text, _ in zip(shapes(known), range(SHAPES), strict=False)]
    usual = float(np.median(_shortest(ordinary)))
    times = _shortest(texts)
    slowest = float(times.max())
    seen = f"{texts[int(times.argmax())][:24]!r}…; the middle one {np.median(times):.1f} ms"
    return [
        Row("worst of 100 inputs of 4,096 characters / an ordinary question", slowest / usual, 50, seen=seen),
        Row("worst of 100 inputs of 4,096 characters", slowest, 50, unit=" ms"),
    ]


def _shortest(texts: list[str]) -> NDArray[np.float64]:
    """Milliseconds for each text: the shortest of all rounds, each with a bot that is new."""
    now = datetime(2017, 6, 8, 20, tzinfo=UTC)
    rounds = []
    for _ in range(ROUNDS):
        assistant = Assistant(load_knowledge(SHIPPED_FAQ), ZoneInfo("Europe/Berlin"))
        reply = partial(assistant.reply, now=now)
        reply("le mans")  # what is made at the first question only
        rounds.append(latencies({"": reply}, texts)[""])
    return np.min(rounds, axis=0)
