"""A language file on its way into the FAQ, and what all checks of it need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.facts import unfillable
from bot.schema import LanguageModel
from bot.yaml_strict import Document

MAX_TEXT = 4096
"""Telegram's limit for a message, in UTF-16 units."""


@dataclass(slots=True)
class LanguageFile:
    """A language file on its way: its document, what of it has the right shape, the facts in its words."""

    code: str
    document: Document
    model: LanguageModel
    spoken: Mapping[str, str] = field(default_factory=dict)

    @property
    def entry_lines(self) -> Mapping[str, int]:
        """The lines of all its entries, those among them that have the wrong shape."""
        return self.document.at(["entries"]).keys

    def check_text(self, place: Sequence[str | int], text: str, later: Set[str], facts_known: bool) -> None:
        """Is every name in braces known, and every `*` closed? `later`: the names known when it is said."""
        document = self.document
        known = {*self.spoken, *later}
        for offset, braced in unfillable(text, lambda name: name in known):
            name = braced.strip("{}")
            if braced in "{}":
                problem = (
                    "is half a pair of braces, so the text cannot be filled in; write {name} or delete it"
                )
            elif not facts_known and name.isidentifier():
                continue
            else:
                problem = f"is no fact and nothing known when this is said; {nearest(name, known)}"
            document.report(document.line_in(place, offset), braced, problem)
        if units(text) > MAX_TEXT:
            document.report(document.line(*place), text, f"is longer than {MAX_TEXT} characters; shorten it")
        offset = 0
        for line in text.splitlines(keepends=True):
            if line.count("*") % 2:
                problem = "holds a * that nothing closes, and would show as a star; close it in its line"
                document.report(document.line_in(place, offset), line, problem)
            offset += len(line)


def units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def nearest(name: str, known: Iterable[str]) -> str:
    """The remedy for a name that does not exist."""
    ordered = sorted(known)
    if near := get_close_matches(name, ordered, 1):
        return f"did you mean {near[0]}?"
    if len(ordered) <= 8:
        return f"there are {', '.join(ordered)}"
    return "correct or delete it"
