"""Chooses the figures in `bot/tuned.py` from data: `make tune`.

How the matcher learns is chosen by cross-validation on the FAQ's phrasings: each fold also leaves out some
entries of kind `offtopic` altogether, to see what becomes of matters that nobody foresaw. The thresholds are
chosen on one half of the labelled questions; the other half judges what was chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bot import tuned
from bot.assistant import SHIPPED_FAQ, Assistant, Knowledge, analyzer_of, learn
from bot.faq import Faq, Language
from bot.loader import load_faq
from bot.matcher import Matcher
from bot.tuned import Learning, Thresholds
from evaluation.cases import Case, judge, load_cases

FOLDS, USED_FOLDS = 5, 2
"""The phrasings are cut into so many folds; so many of them are left out in turn."""

LEARNING_GRID: dict[str, Sequence[Any]] = {
    "unknown": (0.5, 0.75, 1.0),
    "grams": (0.6, 0.8, 1.0),
    "positive": (3.0, 5.0, 7.0),
    "cost": (0.5, 1.0, 2.0),
    "common": (2, 3),
    "epochs": (4, 6, 8),
}
"""What is tried. The bounds keep the matcher good on other and smaller sets than this FAQ: on public intent
corpora of 50 to 7,500 utterances a larger `unknown` or a smaller `common` loses more than it gains here."""

FLOORS = (0.25, 0.3, 0.35, 0.4)
MARGINS = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12)
CLAUSE_FLOORS = (0.4, 0.5, 0.6, 0.7)
ASK_SHARE = 0.75
"""A candidate is asked for from this share of the floor on."""

WRONG = 4.0
"""A wrong reply costs as much as so many right ones are worth."""

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 1, 12, tzinfo=ZONE)


def halves(cases: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    """The cases that decide and those that judge, told apart by a hash of the question."""
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[_fold(case.question, 2)].append(case)
    return parts


def cross_validated(language: Language, learning: Learning) -> float:
    """How well phrasings that were left out are told apart from matters that were left out, 0..1.

    The mean of two shares, at the threshold that is best for it: of phrasings about the series those that
    find their entry with a higher score, of off-topic ones those that find no other with a higher score.
    """
    offtopic = sorted(entry.id for entry in language.entries.values() if entry.kind == "offtopic")
    pairs = [(entry.id, question) for entry in language.entries.values() for question in entry.questions]
    hits, turned = [], []
    for fold in range(USED_FOLDS):
        unforeseen = set(offtopic[fold::FOLDS])
        kept = [pair for pair in pairs if _fold(pair[1], FOLDS) != fold and pair[0] not in unforeseen]
        matcher = Matcher(kept, analyzer=analyzer_of(language), learning=learning)
        for entry, question in pairs:
            if _fold(question, FOLDS) != fold or not (found := matcher.match(question)):
                continue
            if entry in unforeseen:
                turned.append(0.0 if found[0].id in offtopic else found[0].score)
            elif language.entries[entry].kind in ("answer", "unknown"):
                hits.append(found[0].score if found[0].id == entry else -1.0)
    hit, strange = np.array(hits), np.array(turned)
    return max(float((hit >= t).mean() + (strange < t).mean()) / 2 for t in np.linspace(0, 1, 101))


def worth(assistant: Assistant, cases: Sequence[Case]) -> tuple[float, Counter[str]]:
    """What the replies to `cases` are worth on average, and how many of each verdict there are."""
    verdicts = Counter[str](judge(case, assistant.reply(case.question, now=NOW)) for case in cases)
    points = verdicts["right"] + 0.5 * verdicts["part"] + 0.2 * verdicts["asked"] - WRONG * verdicts["wrong"]
    return points / len(cases), verdicts


def best_learning(faq: Faq) -> Learning:
    """The best way to learn, searched one figure at a time."""

    def score(learning: Learning) -> float:
        return sum(cross_validated(each, learning) for each in faq.languages.values()) / len(faq.languages)

    learning = tuned.LEARNING
    best = score(learning)
    print(f"{best:.4f} {learning}", flush=True)
    for name, values in LEARNING_GRID.items():
        for value in values:
            trial = replace(learning, **{name: value})
            if trial != learning and (found := score(trial)) > best:
                best, learning = found, trial
                print(f"{best:.4f} {name}={value}", flush=True)
    return learning


def best_thresholds(knowledge: Knowledge, cases: Sequence[Case]) -> Thresholds:
    """The thresholds under which the replies are worth most; of equals, the strictest."""
    found = []
    for floor, margin, clause_floor in itertools.product(FLOORS, MARGINS, CLAUSE_FLOORS):
        thresholds = Thresholds(floor, margin, round(ASK_SHARE * floor, 2), clause_floor)
        value = worth(Assistant(knowledge, ZONE, thresholds=thresholds), cases)[0]
        found.append((round(value, 4), margin, floor, clause_floor, thresholds))
    return max(found, key=lambda each: each[:4])[4]


def main(arguments: Sequence[str] | None = None) -> None:
    """Search, write bot/tuned.py, and say what the other half of the questions makes of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thresholds", action="store_true", help="choose the thresholds only, in a minute")
    chosen = parser.parse_args(arguments)
    deciding, judging = halves(load_cases())
    faq = load_faq(SHIPPED_FAQ)
    learning = tuned.LEARNING if chosen.thresholds else best_learning(faq)
    knowledge = learn(faq, learning)
    thresholds = best_thresholds(knowledge, deciding)
    file = Path(tuned.__file__)
    text = re.sub(r"LEARNING = .*", f"LEARNING = {_call(learning)}", file.read_text("utf-8"))
    file.write_text(re.sub(r"THRESHOLDS = .*", f"THRESHOLDS = {_call(thresholds)}", text), "utf-8")
    print(learning, thresholds)
    for name, cases in (("decided on", deciding), ("judged on", judging)):
        score, verdicts = worth(Assistant(knowledge, ZONE, thresholds=thresholds), cases)
        print(f"{name} {len(cases)} questions: worth {score:.3f}, {dict(verdicts)}")


def _fold(text: str, folds: int) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % folds


def _call(figures: Learning | Thresholds) -> str:
    fields = ", ".join(f"{name}={value}" for name, value in asdict(figures).items())
    return f"{type(figures).__name__}({fields})"


if __name__ == "__main__":
    main()
