"""How time and memory grow with the number of utterances: 10², 10³, 10⁴, 10⁵; and docs/growth.png."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from rapidfuzz import fuzz, process, utils

from bot.matcher import Matcher
from tests.bench.rows import ROOT, Row
from tests.bench.texts import asked, corpus
from tests.bench.timing import latencies

SIZES = (100, 1_000, 10_000, 100_000)
QUESTIONS = 200

Pairs = list[tuple[str, str]]
Find = Callable[[str], object]


def ours(pairs: Pairs) -> Find:
    """This matcher."""
    return Matcher(pairs).match


def fuzzy(scorer: object) -> Callable[[Pairs], Find]:
    """The nearest by one of rapidfuzz's ratios."""

    def build(pairs: Pairs) -> Find:
        prepared = [utils.default_process(text) for _, text in pairs]
        return lambda text: process.extractOne(utils.default_process(text), prepared, scorer=scorer)

    return build


def bm25s(pairs: Pairs) -> Find:
    """The best by BM25, scores computed when building."""
    import bm25s

    index = bm25s.BM25()
    index.index(
        bm25s.tokenize([text for _, text in pairs], stopwords=None, show_progress=False), show_progress=False
    )
    return lambda text: index.retrieve(
        bm25s.tokenize([text], stopwords=None, show_progress=False), k=1, show_progress=False
    )


def tfidf(pairs: Pairs) -> Find:
    """The nearest by the cosine of letter n-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4))
    matrix = vectorizer.fit_transform([text for _, text in pairs])
    return lambda text: (matrix @ vectorizer.transform([text]).T).toarray().argmax()


WAYS: dict[str, Callable[[Pairs], Find]] = {
    "this matcher": ours,
    "WRatio": fuzzy(fuzz.WRatio),
    "ratio": fuzzy(fuzz.ratio),
    "bm25s": bm25s,
    "TF-IDF": tfidf,
}


def built(way: str, size: int) -> dict[str, float]:
    """In a process of its own: seconds to build an index, and megabytes at its peak and afterwards."""
    code = f"from tests.bench.growth import report; report({way!r}, {size})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(way: str, size: int) -> None:
    """The measuring half of `built`; prints JSON. What is imported beforehand does not count."""
    pairs = corpus(size)
    WAYS[way](corpus(50))("le mans")
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    start = perf_counter()
    index = WAYS[way](pairs)
    seconds = perf_counter() - start
    print(
        json.dumps(
            {
                "seconds": seconds,
                "peak": _memory("VmHWM") - before,
                "held": _memory("VmRSS") - before,
                "text": sum(sys.getsizeof(text) for _, text in pairs) / 1e6,
            }
        )
    )
    del index


def _memory(name: str) -> float:
    """A figure of this process from /proc, in megabytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6


def measure() -> list[Row]:
    """Ratios at the largest size, and between the sizes."""
    p50: dict[str, dict[int, float]] = {way: {} for way in WAYS}
    seconds: dict[str, dict[int, float]] = {way: {} for way in WAYS}
    for size in SIZES:
        for way in WAYS:
            figures = built(way, size)
            seconds[way][size] = figures["seconds"]
            if way == "this matcher":
                own = figures
        pairs = corpus(size)
        times = latencies({way: build(pairs) for way, build in WAYS.items()}, asked(pairs, QUESTIONS))
        for way, found in times.items():
            p50[way][size] = float(np.median(found))
        medians = ", ".join(f"{way} {p50[way][size]:.2f} ms" for way in WAYS)
        print(f"  {size} utterances: {medians}", file=sys.stderr, flush=True)
    picture(p50, seconds, ROOT / "docs" / "growth.png")
    last, mine = SIZES[-1], p50["this matcher"]
    grown = f"{mine[1_000]:.2f} ms, {mine[last]:.2f} ms"
    rows = [Row("10³ to 10⁵ utterances: p50 grows by", mine[last] / mine[1_000], 5, seen=grown)]
    for peer, bound in (("WRatio", 0.02), ("TF-IDF", 1), ("ratio", None), ("bm25s", None)):
        seen = f"{mine[last]:.2f} ms against {p50[peer][last]:.2f} ms"
        rows.append(Row(f"10⁵ utterances: p50 / {peer}'s", mine[last] / p50[peer][last], bound, seen=seen))
    for peer, bound in (("bm25s", 5), ("TF-IDF", None)):
        ours, theirs = own["seconds"], seconds[peer][last]
        seen = f"{ours:.1f} s against {theirs:.1f} s"
        rows.append(Row(f"10⁵ utterances: building / {peer}'s", ours / theirs, bound, seen=seen))
    allowed = 3 * own["text"] + 60
    for what, when in (("held", "after building"), ("peak", "while building")):
        seen = f"{own[what]:.0f} MB against 3 × {own['text']:.1f} MB + 60 MB"
        rows.append(Row(f"10⁵ utterances: memory {when} / allowed", own[what] / allowed, 1, seen=seen))
    return rows


def picture(p50: dict[str, dict[int, float]], seconds: dict[str, dict[int, float]], file: Path) -> None:
    """Both growths on logarithmic scales."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for plot, values, title in ((axes[0], p50, "one question, p50 (ms)"), (axes[1], seconds, "building (s)")):
        for way, found in values.items():
            plot.loglog(
                list(found), list(found.values()), marker="o", label=way, lw=3 if way == "this matcher" else 1
            )
        plot.set(xlabel="utterances", title=title)
        plot.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(file, dpi=110, metadata={"Software": None})
    plt.close(figure)
