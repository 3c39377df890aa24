"""The schedule of episodes, and the answer to `/episodes`. Pure: `now` is passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.countdown import bar, percent, running_time, units

MAX_ECHO = 20
"""Characters of the user's own words that come back to them."""

NUMBER = re.compile(r"#?\s*(\d+)\s*\.?")

_SHORT = frozenset({"hours", "minutes"})
_EVERYWHERE = frozenset({"episodes", "number", "each", "runtime", "total_minutes"})
_PART = _EVERYWHERE | {
    "seen",
    "seen_episodes",
    "seen_time",
    "left_episodes",
    "left_minutes",
    "bar",
    "percent",
}
PHRASES: Mapping[str, frozenset[str]] = {
    "episodes_head": _EVERYWHERE,
    "episodes_line": frozenset({"number", "each", "total"}),
    "episodes_first": frozenset(),
    "episodes_rest": frozenset({"from", "to"}),
    "episodes_rest_one": frozenset({"from", "to"}),
    "episodes_none_seen": _EVERYWHERE,
    "episodes_some_seen": _PART,
    "episodes_all_seen": _EVERYWHERE,
    "episodes_start_now": frozenset({"done"}),
    "episodes_go_on_now": frozenset({"done"}),
    "episodes_not_out": frozenset(),
    "episodes_too_many": _EVERYWHERE | {"value"},
    "episodes_wrong": _EVERYWHERE | {"value"},
    "episodes_done_today": frozenset({"time"}),
    "episodes_done_tomorrow": frozenset({"time"}),
    "episodes_done_later": frozenset({"time", "date"}),
    "episodes_count_other": frozenset({"count"}),
    "episodes_minutes": _SHORT,
    "episodes_hours": _SHORT,
    "episodes_hours_minutes": _SHORT,
}
"""The phrases that `episodes_text` needs, each with the fields it may name. A language adds
`episodes_count_<form>` for its other plural forms, named as CLDR names them: `one`, `few`, `many`."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """So many episodes of so many minutes each; both at least 1, else `ValueError`."""

    episodes: int
    minutes: int

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.minutes < 1:
            raise ValueError(f"{self.episodes} episodes of {self.minutes} minutes: both must be at least 1")

    @property
    def total(self) -> int:
        """The running time of all episodes, in minutes."""
        return self.episodes * self.minutes

    def seen(self, episodes: int) -> int:
        """The running time of the first `episodes`, in minutes."""
        return episodes * self.minutes

    def left(self, episodes: int) -> int:
        """The running time that is left after the first `episodes`, in minutes."""
        return self.total - self.seen(episodes)


def done_at(now: datetime, minutes: int, tz: ZoneInfo) -> datetime:
    """The local time in `tz` when `minutes` that really pass from `now` (aware) are over."""
    return (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(tz)


def episode_number(argument: str, words: Mapping[str, int]) -> int | None:
    """The number that a user wrote: `3`, `#3`, `3.` or one of `words` (`three`); None for all else."""
    argument = argument.strip()
    if number := NUMBER.fullmatch(argument):
        digits = number[1].lstrip("0") or "0"
        # `int` refuses thousands of digits, and nobody means them.
        return int(digits) if len(digits) <= MAX_ECHO else None
    return {word.casefold(): value for word, value in words.items()}.get(argument.casefold())


def clean(argument: str) -> str:
    """The user's words, safe to say back: one line without `*` and control characters."""
    printable = "".join(char if char.isprintable() else " " for char in argument if char != "*")
    return " ".join(printable.split())


def cut(words: str) -> str:
    """The first `MAX_ECHO` characters of `words`, with an ellipsis where more follow."""
    return words if len(words) <= MAX_ECHO else words[:MAX_ECHO].rstrip() + "…"


def episodes_text(
    schedule: Schedule,
    phrases: Mapping[str, str],
    locale: str,
    *,
    now: datetime,
    tz: ZoneInfo,
    argument: str = "",
    words: Mapping[str, int],
    released: bool = True,
) -> str:
    """The answer to `/episodes`, or to `/episodes <argument>`: how many are seen, and what is left.

    `phrases` are those of `PHRASES`, `words` the numbers of the language by their names. Before the start
    (`released` False) nobody can start watching now, so no time is named. Any argument has an answer; raises
    `KeyError` for a missing phrase or a field that it may not name.
    """
    said = clean(argument)
    fields = {
        "episodes": _count(schedule.episodes, phrases, locale),
        "number": schedule.episodes,
        "each": units({"minute": schedule.minutes}, locale),
        "runtime": running_time(schedule.total, locale),
        "total_minutes": units({"minute": schedule.total}, locale),
    }
    # What is left when only asterisks were said is nothing, and that asks for the whole schedule.
    if not said:
        lines = _schedule_lines(schedule, phrases, fields)
        return "\n".join(
            [*lines, _finish("episodes_start_now", schedule.total, phrases, locale, now, tz, released)]
        )

    seen = episode_number(said, words)
    if seen is None or not 0 <= seen <= schedule.episodes:
        name = "episodes_wrong" if seen is None or seen < 0 else "episodes_too_many"
        return phrases[name].format(value=cut(said), **fields)
    if seen == schedule.episodes:
        return phrases["episodes_all_seen"].format_map(fields)
    if seen == 0:
        text = phrases["episodes_none_seen"].format_map(fields)
        finish = "episodes_start_now"
    else:
        progress = seen / schedule.episodes
        text = phrases["episodes_some_seen"].format(
            seen=seen,
            seen_episodes=_count(seen, phrases, locale),
            seen_time=_short(schedule.seen(seen), phrases),
            left_episodes=_count(schedule.episodes - seen, phrases, locale),
            left_minutes=units({"minute": schedule.left(seen)}, locale),
            bar=bar(progress),
            percent=percent(progress, locale),
            **fields,
        )
        finish = "episodes_go_on_now"
    return "\n".join([text.strip(), _finish(finish, schedule.left(seen), phrases, locale, now, tz, released)])


def _schedule_lines(
    schedule: Schedule, phrases: Mapping[str, str], fields: Mapping[str, object]
) -> list[str]:
    each = _short(schedule.minutes, phrases)
    table = [
        phrases["episodes_line"].format(number=n, each=each, total=_short(schedule.seen(n), phrases))
        for n in range(1, schedule.episodes + 1)
    ]
    lines = [phrases["episodes_head"].format_map(fields), "", *table, "", phrases["episodes_first"].strip()]
    if schedule.episodes > 1:
        rest = "episodes_rest" if schedule.episodes > 2 else "episodes_rest_one"
        lines.append(phrases[rest].format_map({"from": 2, "to": schedule.episodes}))
    return [*lines, ""]


def _finish(
    phrase: str,
    minutes: int,
    phrases: Mapping[str, str],
    locale: str,
    now: datetime,
    tz: ZoneInfo,
    released: bool,
) -> str:
    """When it is over, if it is begun now; or that it cannot be."""
    from babel.dates import format_date

    if not released:
        return phrases["episodes_not_out"]
    done = done_at(now, minutes, tz)
    days = (done.date() - now.astimezone(tz).date()).days
    when = {0: "episodes_done_today", 1: "episodes_done_tomorrow"}.get(days, "episodes_done_later")
    date = format_date(done.date(), "long", locale=locale)
    return phrases[phrase].format(done=phrases[when].format(time=f"{done:%H:%M}", date=date))


def _short(minutes: int, phrases: Mapping[str, str]) -> str:
    """Minutes for a narrow line: `52 min`, `1 h 18 min`."""
    hours, rest = divmod(minutes, 60)
    name = "episodes_minutes" if not hours else "episodes_hours_minutes" if rest else "episodes_hours"
    return phrases[name].format(hours=hours, minutes=rest)


def _count(number: int, phrases: Mapping[str, str], locale: str) -> str:
    from babel import Locale

    form = Locale.parse(locale).plural_form(number)
    phrase = phrases.get(f"episodes_count_{form}", phrases["episodes_count_other"])
    return phrase.format(count=number)
