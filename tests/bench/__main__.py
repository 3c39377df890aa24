"""`make bench`: measures everything that the README's table of speeds holds, beside the targets.

    python -m tests.bench            all of it; takes some minutes
    python -m tests.bench ask worst  only these parts; the table keeps the other rows

Ratios, not seconds: each compares things measured in turns in the same run, on the same machine.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from tests.bench.rows import Row, insert, table

PARTS = {
    "question": "one question against the FAQ that ships",
    "growth": "growth and building, to 100,000 utterances",
    "telegram": "Telegram end to end, every call takes 50 ms",
    "update": "CPU and memory of `run`, calls take no time",
    "ask": "`lemans-bot ask` from process start to answer",
    "worst": "adversarial input",
}


def main() -> None:
    """Measure the parts that are asked for, print their rows, and write them down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="\n".join(f"{k}: {v}" for k, v in PARTS.items())
    )
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    rows: list[Row] = []
    for part in chosen:
        print(f"{part}: {PARTS[part]} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"tests.bench.{part}").measure()
    print(table(row.cells for row in rows))
    insert(rows, whole=set(chosen) == set(PARTS))
    missed = [row.what for row in rows if row.falls_short]
    print(f"\nFalls short of its target: {'; '.join(missed)}." if missed else "\nAll targets are met.")


if __name__ == "__main__":
    main()
