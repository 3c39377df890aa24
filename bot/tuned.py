"""Figures chosen from data by `make tune` (`evaluation.tune`); not to be edited by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Learning:
    """How the matcher learns.

    `cost`: the price of a mistake against that of large weights. `positive`: how many times dearer it is to
    miss an utterance of an entry than to accept one of another. `epochs`: passes over the utterances.
    `unknown`: how much of a text's length features count that no utterance held. `grams`: the weight of the
    letter n-grams beside the words. `common`: words used less often stand for unknown ones as well.
    """

    cost: float
    positive: float
    epochs: int
    unknown: float
    grams: float
    common: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is sure enough to be said, as scores of the matcher.

    `floor`: from here on a candidate is answered if it is ahead of the next by `margin`. `ask`: from here on
    it is worth a "did you mean". `clause_floor`: the floor for one clause of a long story.
    """

    floor: float
    margin: float
    ask: float
    clause_floor: float


LEARNING = Learning(cost=0.5, positive=5.0, epochs=8, unknown=1.0, grams=1.0, common=2)

THRESHOLDS = Thresholds(floor=0.3, margin=0.12, ask=0.22, clause_floor=0.4)
