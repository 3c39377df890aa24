"""One question against the FAQ that ships, in process, beside rapidfuzz over the same utterances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

from bot.assistant import SHIPPED_FAQ, Assistant, load_knowledge
from bot.loader import load_faq
from evaluation.cases import Case, load_cases
from tests.bench.rows import Row
from tests.bench.timing import latencies

ROUNDS = 3
"""Each with a bot that has heard nothing yet; of the three times for a question the shortest counts."""


def measure() -> list[Row]:
    """Ratios of the middle and the slowest hundredth of the labelled questions."""
    cases = [case for case in load_cases() if case.kind != "compound" and case.style != "story"]
    utterances = {
        code: [utils.default_process(utterance) for _, utterance in language.pairs]
        for code, language in load_faq(SHIPPED_FAQ).languages.items()
    }
    rounds = [_round(cases, utterances) for _ in range(ROUNDS)]
    best = {name: np.min([each[name] for each in rounds], axis=0) for name in rounds[0]}
    p50 = {name: float(np.median(times)) for name, times in best.items()}
    p99 = {name: float(np.percentile(times, 99)) for name, times in best.items()}
    rows = []
    for way, name in (("match", "matcher"), ("reply", "whole reply")):
        for peer, bound in (("WRatio", 0.25), ("ratio", None)):
            seen = f"p50 {p50[way]:.2f} ms against {p50[peer]:.2f} ms"
            rows.append(Row(f"one question, {name}: p50 / {peer}'s", p50[way] / p50[peer], bound, seen=seen))
        others = ", ".join(f"{p99[way] / p99[peer]:.2g} of {peer}'s" for peer in ("WRatio", "ratio"))
        seen = f"p99 {p99[way]:.2f} ms, {others}"
        rows.append(Row(f"one question, {name}: p99 / own p50", p99[way] / p50[way], 3, seen=seen))
    return rows


def _round(cases: list[Case], utterances: dict[str, list[str]]) -> dict[str, NDArray[np.float64]]:
    """Milliseconds for each case, by a bot that is new."""
    # One each: neither shall have seen the words before that the other is asked next.
    knowledge = load_knowledge(SHIPPED_FAQ)
    assistant = Assistant(load_knowledge(SHIPPED_FAQ), ZoneInfo("Europe/Berlin"))
    now = datetime(2017, 6, 8, 20, tzinfo=UTC)
    found: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for code, choices in utterances.items():

        def nearest(text: str, scorer: object, choices: list[str] = choices) -> object:
            return process.extractOne(utils.default_process(text), choices, scorer=scorer)

        ways: dict[str, Callable[[str], object]] = {
            "match": knowledge.packs[code].matcher.match,
            "reply": partial(assistant.reply, now=now),
            "WRatio": partial(nearest, scorer=fuzz.WRatio),
            "ratio": partial(nearest, scorer=fuzz.ratio),
        }
        for way in ways.values():  # what is made at the first question only
            way("le mans")
        for name, times in latencies(ways, [c.question for c in cases if c.language == code]).items():
            found[name].append(times)
    return {name: np.concatenate(times) for name, times in found.items()}
