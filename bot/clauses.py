"""Cuts a message into clauses: the places where one of them may be a question of its own."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from bot.text import fold

LONG = 12
"""A clause of more words is looked at through windows as well."""

WINDOW, STEP = 8, 4
"""The width of a window in words, and how far apart two of them start."""

MAX_CLAUSES = 30
MAX_WORDS = 160
MAX_LETTERS = 1500
"""A longer message is cut: its middle is left out, as people ask at the beginning or at the end. Twice so
many letters are looked at."""

SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b\d\.)(?<!\b\d\d\.)\s+|\n")
"""Not behind the number of a day: "on 17. June"."""

STOPS = re.compile(
    r"(?:(?<!\b\d)(?<!\b\d\d)\.|[!;:,…()\[\]\r\t/&+•|])+(?=\s|$)|\s[-–—+&/]+\s|(?:^|\s)\(?(?:\d\s?[.):]|[a-h]\))\s"
)


def sentences(message: str) -> list[str]:
    """The sentences of `message`, those without a word left out."""
    return [sentence for sentence in SENTENCE_END.split(message) if any(map(str.isalnum, sentence))]


def clauses(message: str, connectives: AbstractSet[str]) -> list[str]:
    """The clauses of `message` in order, those without a word left out.

    They end at punctuation, at what numbers a list ("1. ...", "a) ...") and before each of the `connectives`
    (folded words such as "und", "because"). A question mark stays where a sentence is one clause, which then
    asks; behind several clauses it may belong to any of them.
    """
    found: list[str] = []
    for sentence in sentences(message):
        parts = [part for piece in STOPS.split(sentence) for part in _parts(piece, connectives)]
        parts = [part for part in parts if any(map(str.isalnum, part))]
        found += parts if len(parts) == 1 else [part.rstrip("?") for part in parts]
    if len(found) > MAX_CLAUSES:
        found = found[: MAX_CLAUSES // 2] + found[-MAX_CLAUSES // 2 :]
    return found


def _parts(piece: str, connectives: AbstractSet[str]) -> list[str]:
    """A piece between two stops, cut before each of the connectives, which are left out."""
    parts: list[list[str]] = [[]]
    for word in piece.split():
        if fold(word) in connectives:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts]


def shortened(message: str) -> str:
    """A message without its middle, if it is longer than anybody can mean."""
    if len(message) > 2 * MAX_LETTERS:
        message = f"{message[:MAX_LETTERS]} {message[-MAX_LETTERS:]}"
    found = message.split()
    if len(found) <= MAX_WORDS:
        return message
    return " ".join(found[: MAX_WORDS // 2] + found[-MAX_WORDS // 2 :])


def windows(clause: str) -> list[str]:
    """Overlapping parts of a clause that is too long to be one question; none of a shorter one."""
    words = clause.split()
    if len(words) <= LONG:
        return []
    starts = list(range(0, len(words) - WINDOW, STEP))
    return [" ".join(words[start : start + WINDOW]) for start in (*starts, len(words) - WINDOW)]
