"""Chooses the figures in `bot/tuned.py` from data: `make tune`.

How misspelt words are mended is chosen on misspelt words (`evaluation.misspelling`). How the matcher learns
is chosen by cross-validation on the FAQ's phrasings: each fold also leaves out some entries of kind
`offtopic` altogether, to see what becomes of matters that nobody foresaw. The thresholds are chosen on one
half of the labelled questions; the other half judges what was chosen. No figure is changed for a gain that
may be chance.
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
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot import tuned
from bot.assistant import SHIPPED_FAQ, Assistant, Knowledge, analyzer_of, learn
from bot.faq import Faq, Language
from bot.loader import load_faq
from bot.matcher import Candidate, Matcher
from bot.tuned import Learning, Spelling, Thresholds
from evaluation.cases import Case, judge, load_cases
from evaluation.chance import beyond_chance
from evaluation.misspelling import best_spelling

FOLDS, USED_FOLDS = 5, 2
"""The phrasings are cut into so many folds; so many of them are left out in turn."""

LEARNING_GRID: dict[str, Sequence[Any]] = {
    "unknown": (0.75, 1.0),
    "grams": (0.8, 1.0),
    "positive": (5.0, 7.0, 10.0),
    "cost": (0.25, 0.5, 1.0),
    "common": (2, 3),
    "epochs": (6, 8),
}
"""What is tried. The bounds keep the matcher good on other and smaller sets than this FAQ: on public intent
corpora of 50 to 7,500 utterances a larger `unknown` or a smaller `common` loses more than it gains here."""

FLOORS = (0.2, 0.25, 0.3, 0.35, 0.4)
MARGINS = (0.12, 0.16, 0.2)
"""With less it answers where two entries fit nearly alike: more right replies, and more wrong ones."""
CLAUSE_FLOORS = (0.4, 0.5, 0.6)
CONTEXTS = (0.75, 1.0, 1.25, 1.5)
ELSEWHERE = (2.0, 3.0, 4.0)
WORTH = {"right": 1.0, "more": 0.7, "part": 0.5, "asked": 0.2, "wrong": -4.0}
"""What a reply is worth by its verdict: a wrong one costs as much as four right ones are worth."""

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 1, 12, tzinfo=ZONE)


class Remembering(Matcher):
    """A matcher that remembers what it answered: thresholds are tried many times on the same texts."""

    def __init__(self, matcher: Matcher) -> None:
        vars(self).update(vars(matcher))
        self.match = lru_cache(maxsize=None)(matcher.match)  # type: ignore[method-assign]

    def match_all(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """As the matcher's, from memory."""
        return [self.match(text) for text in texts]


def remembering(knowledge: Knowledge) -> Knowledge:
    """The same knowledge, quicker to ask again."""
    packs = {code: replace(pack, matcher=Remembering(pack.matcher)) for code, pack in knowledge.packs.items()}
    return replace(knowledge, packs=packs)


def halves(cases: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    """The cases that decide and those that judge, told apart by a hash of the question."""
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[_fold(case.question, 2)].append(case)
    return parts


def cross_validated(language: Language, learning: Learning) -> list[float]:
    """How well phrasings that were left out are told apart from matters that were left out, 0..1 per fold.

    The mean of two shares, at the threshold that is best for it: of phrasings about the series those that
    find their entry with a higher score, of off-topic ones those that find no other with a higher score.
    """
    offtopic = sorted(entry.id for entry in language.entries.values() if entry.kind == "offtopic")
    found_well = []
    for fold in range(USED_FOLDS):
        hits, turned = [], []
        unforeseen = set(offtopic[fold::FOLDS])
        kept = [
            pair for pair in language.pairs if _fold(pair[1], FOLDS) != fold and pair[0] not in unforeseen
        ]
        matcher = Matcher(kept, analyzer=analyzer_of(language), learning=learning)
        for entry, question in language.pairs:
            if _fold(question, FOLDS) != fold or not (found := matcher.match(question)):
                continue
            if entry in unforeseen:
                turned.append(0.0 if found[0].id in offtopic else found[0].score)
            elif language.entries[entry].kind in ("answer", "unknown"):
                hits.append(found[0].score if found[0].id == entry else -1.0)
        hit, strange = np.array(hits), np.array(turned)
        found_well.append(
            max(float((hit >= t).mean() + (strange < t).mean()) / 2 for t in np.linspace(0, 1, 101))
        )
    return found_well


def worth(assistant: Assistant, cases: Sequence[Case]) -> tuple[NDArray[np.float64], Counter[str]]:
    """What the reply to each of `cases` is worth, and how many of each verdict there are."""
    verdicts = [judge(case, assistant.reply(case.question, now=NOW)) for case in cases]
    return np.array([WORTH.get(verdict, 0.0) for verdict in verdicts]), Counter[str](verdicts)


def best_learning(faq: Faq, current: Learning) -> Learning:
    """The best way to learn, searched one figure at a time from the current one."""

    def score(learning: Learning) -> NDArray[np.float64]:
        languages = faq.languages.values()
        return np.array([value for each in languages for value in cross_validated(each, learning)])

    learning, best = current, score(current)
    print(f"{best.mean():.4f} {learning}", flush=True)
    for name, values in LEARNING_GRID.items():
        for value in values:
            trial = replace(learning, **{name: value})
            if trial == learning:
                continue
            found = score(trial)
            print(f"{found.mean():.4f} {name}={value}", flush=True)
            if beyond_chance(found - best):
                best, learning = found, trial
    return learning


def best_thresholds(knowledge: Knowledge, cases: Sequence[Case]) -> Thresholds:
    """The thresholds with most replies to what was asked of those under which replies are worth most.

    These are the best, and all whose loss against them may be chance.
    """
    found = []
    for floor, margin, *others in itertools.product(FLOORS, MARGINS, CLAUSE_FLOORS, CONTEXTS, ELSEWHERE):
        thresholds = Thresholds(floor, margin, *others)
        values, verdicts = worth(Assistant(knowledge, ZONE, thresholds=thresholds), cases)
        found.append((values, verdicts["right"] + verdicts["more"], thresholds))
    best = max(found, key=lambda each: each[0].mean())[0]
    losses = [(best - values, answered, thresholds) for values, answered, thresholds in found]
    equal = [each for each in losses if not beyond_chance(each[0])]
    return max(equal, key=lambda each: (each[1], -each[0].mean()))[2]


def main(arguments: Sequence[str] | None = None) -> None:
    """Search, write bot/tuned.py, and say what the other half of the questions makes of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thresholds", action="store_true", help="choose the thresholds only, in a minute")
    chosen = parser.parse_args(arguments)
    deciding, judging = halves(load_cases())
    faq = load_faq(SHIPPED_FAQ)
    spelling = tuned.SPELLING if chosen.thresholds else best_spelling(faq, tuned.SPELLING)
    _write(SPELLING=spelling)
    learning = tuned.LEARNING if chosen.thresholds else best_learning(faq, tuned.LEARNING)
    _write(LEARNING=learning)
    knowledge = remembering(learn(faq, learning))
    thresholds = best_thresholds(knowledge, deciding)
    _write(THRESHOLDS=thresholds)
    for name, cases in (("decided on", deciding), ("judged on", judging)):
        values, verdicts = worth(Assistant(knowledge, ZONE, thresholds=thresholds), cases)
        print(f"{name} {len(cases)} questions: worth {values.mean():.3f}, {dict(verdicts)}")


def _fold(text: str, folds: int) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % folds


def _write(**chosen: Learning | Spelling | Thresholds) -> None:
    """Write what was chosen into bot/tuned.py, and print it."""
    file = Path(tuned.__file__)
    for name, figures in chosen.items():
        fields = ", ".join(f"{field}={value}" for field, value in asdict(figures).items())
        line = f"{name} = {type(figures).__name__}({fields})"
        file.write_text(re.sub(rf"^{name} = .*", line, file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
        print(line, flush=True)


if __name__ == "__main__":
    main()
