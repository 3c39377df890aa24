"""A row of the bench's table, and the README's table that it goes into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

HEAD = ("what", "measured", "target", "", "from")
MARKS = ("<!-- bench: begin -->", "<!-- bench: end -->")


@dataclass(frozen=True)
class Row:
    """A figure beside its target: a ratio of two things measured in the same run, or else with its unit.

    `bound` is what the figure must not exceed, or with `least` what it must reach; without one the row only
    informs. `seen` tells what the figure was made of.
    """

    what: str
    figure: float | None
    bound: float | None = None
    least: bool = False
    unit: str = ""
    seen: str = ""

    @property
    def falls_short(self) -> bool:
        """Whether the target is missed; not if there is none, or nothing was measured."""
        if self.figure is None or self.bound is None:
            return False
        return self.figure < self.bound if self.least else self.figure > self.bound

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it stands in the table."""
        if self.figure is None:
            return self.what, "not measured", self._target, "", self.seen
        mark = "**falls short**" if self.falls_short else "ok" if self.bound is not None else ""
        return self.what, f"{self.figure:.3g}{self.unit}", self._target, mark, self.seen

    @property
    def _target(self) -> str:
        if self.bound is None:
            return ""
        return f"{'≥' if self.least else '≤'} {self.bound:g}{self.unit}"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (HEAD, ["---"] * len(HEAD), *rows))


def insert(rows: Sequence[Row], whole: bool, file: Path = ROOT / "README.md") -> None:
    """Put `rows` into the table of `file`; unless they are the `whole` bench, other rows there stay."""
    begin, end = MARKS
    text = file.read_text("utf-8")
    inside = text[text.index(begin) + len(begin) : text.index(end)]
    kept = {} if whole else {cells[0]: cells for cells in map(_cells, inside.strip().splitlines()[2:])}
    merged = kept | {row.what: row.cells for row in rows}
    new = f"{begin}\n{table(merged.values())}\n{end}"
    file.write_text(re.sub(f"{begin}.*{end}", lambda _: new, text, flags=re.DOTALL), "utf-8")


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
