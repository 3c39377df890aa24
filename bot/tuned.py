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

    `floor`: from here on a candidate is answered if it is ahead of the next by `margin`, and else is worth a
    "did you mean". `clause_floor`: the floor for one clause of a long story. `context`: how much of what an
    entry lacks in the whole message is taken from its score in a clause; `elsewhere`: so many times that
    where the whole message is none of the bot's business.
    """

    floor: float
    margin: float
    clause_floor: float
    context: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Spelling:
    """Which known word a misspelt one is read as: the one with the highest sum, if that is above `floor`.

    The sum is the logarithm of how often it stands between the same neighbours, `usual` times that of how
    often it is used at all, less `slip` times the share of its letters that are wrong.
    """

    usual: float
    slip: float
    floor: float


LEARNING = Learning(cost=0.5, positive=10.0, epochs=8, unknown=1.0, grams=1.0, common=2)

SPELLING = Spelling(usual=0.3, slip=8.0, floor=-1.2)

THRESHOLDS = Thresholds(floor=0.2, margin=0.12, clause_floor=0.5, context=0.75, elsewhere=4.0)
