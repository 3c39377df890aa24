"""`lemans-bot ask`, from process start to answer, beside an import of what it cannot do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.rows import Row

ROUNDS = 25

OURS = (str(Path(sys.executable).with_name("lemans-bot")), "ask", "Wann startet die Serie?")
PEER = (sys.executable, "-c", "import rapidfuzz, yaml, pydantic")


def measure() -> list[Row]:
    """The ratio of the medians, the processes started in turns; the FAQ has been learnt before."""
    times: dict[tuple[str, ...], list[float]] = {OURS: [], PEER: []}
    for turn in range(ROUNDS + 1):
        for command, found in times.items():
            start = perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if turn:  # the first warms the caches
                found.append(1000 * (perf_counter() - start))
    ours, peer = median(times[OURS]), median(times[PEER])
    seen = f"{ours:.0f} ms against {peer:.0f} ms"
    return [Row("`lemans-bot ask` / `import rapidfuzz, yaml, pydantic`", ours / peer, 2, seen=seen)]
