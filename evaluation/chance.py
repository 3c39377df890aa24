"""When one figure is better than another, and when it was only lucky."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ENOUGH = 2
"""So many standard errors are hardly ever chance: about one time in forty."""


def standard_error(gains: NDArray[np.floating]) -> float:
    """How far the mean of `gains` (two or more) would move if other questions had been asked."""
    return float(gains.std(ddof=1) / len(gains) ** 0.5)


def beyond_chance(gains: NDArray[np.floating]) -> bool:
    """Whether `gains`, of one thing over another on the same questions, are more than chance makes them."""
    return bool(gains.mean() > ENOUGH * standard_error(gains))
