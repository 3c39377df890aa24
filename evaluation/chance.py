"""When one figure is better than another, and when it was only lucky."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def standard_error(gains: NDArray[np.floating]) -> float:
    """How far the mean of `gains` (two or more) would move if other questions had been asked."""
    return float(gains.std(ddof=1) / len(gains) ** 0.5)


def beyond_chance(gains: NDArray[np.floating]) -> bool:
    """Whether `gains`, of one thing over another on the same questions, are more than a standard error."""
    return bool(gains.mean() > standard_error(gains))
