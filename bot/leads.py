"""Leads: the first lines that make an answer fit the question ("Yes: ...", "Two are left.")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.text import fold, words

if TYPE_CHECKING:
    from bot.countdown import State
    from bot.faq import Language, Lead


def lead_line(
    leads: Sequence[Lead], clause: str, spelt: Sequence[str], language: Language, clock: State
) -> str:
    """The first of `leads` whose every condition holds for what was asked, filled in; "" if none does.

    `clause` is what the user wrote, `spelt` its words as the matcher understood them (typos mended), and
    `clock` where the present moment stands among the series' dates.
    """
    if not clause or not leads:
        return ""
    written = words(clause)
    said = f" {' '.join(written)} | {' '.join(spelt)} "
    number = _number(written, language.numbers)
    yes_no = is_yes_no(written, language)
    for lead in leads:
        mentioned = next((mention for mention in lead.mentions if _spaced(mention) in said), None)
        if (
            (mentioned is not None or not lead.mentions)
            and (lead.yes_no is None or lead.yes_no == yes_no)
            and (not lead.clock or clock in lead.clock)
            and (not lead.number or number is not None)
            and all(comparison.holds(number or 0) for comparison in lead.number)
        ):
            left = lead.number[0].value - (number or 0) if lead.number else None
            return lead.say.format(mentioned=mentioned, number=number, left=left)
    return ""


def is_yes_no(written: Sequence[str], language: Language) -> bool:
    """Whether folded words ask for a yes or a no: they start so, filler and connectives ("and ...") aside."""
    aside = _folded(language.filler) | _folded(language.connectives)
    first = next((word for word in written if word not in aside), "")
    return first in _folded(language.yes_no)


@lru_cache(maxsize=1024)
def _spaced(mention: str) -> str:
    return f" {' '.join(words(mention))} "


@lru_cache(maxsize=32)
def _folded(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold, listed))


_plain = lru_cache(maxsize=256)(fold)


def _number(written: Sequence[str], names: Mapping[str, int]) -> int | None:
    """The number that is spoken of: in digits or, failing that, by name.

    "One" comes last: it is an article in many languages. Numbers of more than four digits nobody means.
    """
    digits = [int(word) for word in written if word.isdecimal() and len(word) <= 4]
    folded = {_plain(name): value for name, value in names.items()}
    named = [folded[word] for word in written if word in folded]
    found = digits + [number for number in named if number != 1] + named
    return found[0] if found else None
