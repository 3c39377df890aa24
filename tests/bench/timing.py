"""Stopwatches: several ways to do the same, in turns, so that what disturbs one disturbs all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray


def latencies(
    ways: Mapping[str, Callable[[str], object]], texts: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Milliseconds that each of `ways` takes for each of `texts`, one after the other."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for text in texts:
        for name, way in ways.items():
            start = perf_counter()
            way(text)
            found[name].append(1000 * (perf_counter() - start))
    return {name: np.array(values) for name, values in found.items()}
