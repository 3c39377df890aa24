"""The facts: what follows from them, how they are said in a language, and how they get into a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date

FactValue = str | int | date | tuple[str, ...]

REQUIRED: Mapping[str, type] = {
    "start_date": date,
    "race_date": date,
    "episodes": int,
    "minutes_per_episode": int,
}
"""What the countdown and the schedule of episodes are computed from."""

NAME = re.compile(r"\{([^{}\n]*)\}")
"""The name of a fact in a text."""


def derived(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What follows from `facts`: figures that nobody types, by the names that texts call them.

    `runtime_minutes`, `days_between` (start and race); of every date `<name>_year` and `<name>_day` (of the
    month); of every list `<name>_count`. Facts that are missing or of another type are passed over.
    """
    found: dict[str, FactValue] = {}
    for name, value in facts.items():
        if isinstance(value, date):
            found[f"{name}_year"] = value.year
            found[f"{name}_day"] = value.day
        elif isinstance(value, tuple):
            found[f"{name}_count"] = len(value)
    episodes, minutes = facts.get("episodes"), facts.get("minutes_per_episode")
    if isinstance(episodes, int) and isinstance(minutes, int):
        found["runtime_minutes"] = episodes * minutes
    start, race = facts.get("start_date"), facts.get("race_date")
    if isinstance(start, date) and isinstance(race, date):
        found["days_between"] = (race - start).days
    return found


def spoken(facts: Mapping[str, FactValue], locale: str, numbers: Mapping[str, int]) -> dict[str, str]:
    """`facts` (the derived ones among them) as `locale` says them, by the names that texts call them.

    Dates are in their long form, and have a `<name>_weekday`; lists are joined ("a, b und c");
    a number that is one of `numbers` has `<name>_in_words` and, for the beginning of a sentence,
    `<Name>_in_words`; `runtime` is `runtime_minutes` in hours and minutes. `locale` must be one that
    babel knows.
    """
    # Babel is imported where it is used: it takes longer to load than most questions to answer.
    from babel.dates import format_date
    from babel.lists import format_list

    from bot.countdown import running_time

    words: dict[int, str] = {}
    for word, number in numbers.items():
        words.setdefault(number, word)
    said: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, date):
            said[name] = format_date(value, "long", locale)
            said[f"{name}_weekday"] = format_date(value, "EEEE", locale)
        elif isinstance(value, tuple):
            said[name] = format_list(value, locale=locale)
        else:
            said[name] = str(value)
        if isinstance(value, int) and value in words:
            said[f"{name}_in_words"] = words[value]
            said[f"{name[0].upper()}{name[1:]}_in_words"] = words[value][0].upper() + words[value][1:]
    minutes = facts.get("runtime_minutes")
    if isinstance(minutes, int):
        said["runtime"] = running_time(minutes, locale)
    return said


def fill(text: str, values: Mapping[str, str], later: Set[str] = frozenset()) -> str:
    """`text` with every `{name}` of `values` filled in; the names in `later` stay for `str.format`.

    `later` goes first where both know a name. Names that neither knows stay too: see `unfillable`.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return match[0] if name in later else values.get(name, match[0])

    return NAME.sub(value, text)


def unfillable(text: str, known: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Everything in braces that cannot be filled in: where it begins in `text`, and what stands there."""
    for match in NAME.finditer(text):
        if not known(match[1]):
            yield match.start(), match[0]
    # What is left of the text without its names must be free of braces: `str.format` would stumble.
    rest = NAME.sub(lambda match: " " * len(match[0]), text)
    for match in re.finditer(r"[{}]", rest):
        yield match.start(), match[0]
