"""Dates -> what to count to, and how long; and the message that says it. Pure: `now` is passed in.

Hours and minutes are time that really passes: differences are taken in UTC, so a day on which the clocks
change counts its 23 or 25 hours. Days, months and years are those of the calendar in the given time zone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

State = Literal["before_start", "start_day", "before_race", "race_day", "after_race"]

BEFORE_START_SPAN = timedelta(days=30)
"""Waiting for the start has no beginning of its own; the bar shows these last days of it."""

_EVERYWHERE = frozenset({"start", "start_full", "race", "race_full", "runtime"})
PHRASES: Mapping[str, frozenset[str]] = {
    "countdown_before_start": _EVERYWHERE | {"remaining", "race_ahead", "bar"},
    "countdown_start_day": _EVERYWHERE | {"race_left", "race_ahead", "pace"},
    "countdown_before_race": _EVERYWHERE | {"race_left", "race_ahead", "start_ago", "pace", "bar"},
    "countdown_race_day": _EVERYWHERE | {"start_ago", "bar"},
    "countdown_after_race": _EVERYWHERE
    | {"since_start", "since_race", "bar", "next_ordinal", "next_full", "next_ahead"},
    "countdown_anniversary": _EVERYWHERE
    | {"since_race", "years_ago", "ordinal", "next_ordinal", "next_full", "next_ahead"},
    "countdown_pace": frozenset({"runtime", "minutes_a_day"}),
    "countdown_pace_last": frozenset({"runtime"}),
    "countdown_bar_before_start": frozenset({"bar", "percent", "span"}),
    "countdown_bar_race": frozenset({"bar", "percent"}),
    "countdown_bar_anniversary": frozenset({"bar", "percent", "next_ordinal"}),
    "countdown_ordinal_other": frozenset({"number"}),
}
"""The phrases that `countdown_text` needs, each with the fields it may name. A language whose ordinals have
more forms (1st, 2nd, 3rd) adds `countdown_ordinal_<form>`, named as CLDR names them: `one`, `two`, `few`."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A length of time by the calendar."""

    years: int
    months: int
    days: int


@dataclass(frozen=True, slots=True)
class Dates:
    """What is counted to, and the running time of the whole series in minutes."""

    start: date
    race: date
    runtime_minutes: int


@dataclass(frozen=True, slots=True)
class Countdown:
    """What every case knows. `progress` (0..1): how far a span has run; None where there is none."""

    state: ClassVar[State]
    dates: Dates
    progress: float | None


@dataclass(frozen=True, slots=True)
class BeforeStart(Countdown):
    """The start day lies ahead. `remaining` is the time to its first moment, in whole minutes, rounded up."""

    state = "before_start"
    remaining: timedelta
    days_to_race: int


@dataclass(frozen=True, slots=True)
class StartDay(Countdown):
    """The series starts today. `minutes_a_day`, from today to the eve of the race, show it all in time."""

    state = "start_day"
    days_to_race: int
    minutes_a_day: int


@dataclass(frozen=True, slots=True)
class BeforeRace(Countdown):
    """The series is out, the race lies ahead. `minutes_a_day` as on the start day."""

    state = "before_race"
    days_since_start: int
    days_to_race: int
    minutes_a_day: int


@dataclass(frozen=True, slots=True)
class RaceDay(Countdown):
    """The race starts today."""

    state = "race_day"
    days_since_start: int


@dataclass(frozen=True, slots=True)
class AfterRace(Countdown):
    """Both are past. `next_number` and `next_date` are the next anniversary of the start after today.

    `is_anniversary` says that today is one: number `next_number - 1`.
    """

    state = "after_race"
    since_start: Elapsed
    since_race: Elapsed
    is_anniversary: bool
    next_number: int
    next_date: date
    days_to_next: int


def clock_state(now: datetime, start: date, race: date, tz: ZoneInfo) -> State:
    """Which of the five cases holds at `now` by the clocks of `tz`.

    Raises `ValueError` when `now` has no time zone or the race is not after the start.
    """
    if now.utcoffset() is None:
        raise ValueError(f"now ({now}) has no time zone, so no day can be told; pass an aware datetime")
    if race <= start:
        raise ValueError(f"the race ({race}) must come after the start of the series ({start})")
    today = now.astimezone(tz).date()
    if today < start:
        return "before_start"
    if today == start:
        return "start_day"
    if today < race:
        return "before_race"
    return "race_day" if today == race else "after_race"


def countdown(now: datetime, *, start: date, race: date, runtime_minutes: int, tz: ZoneInfo) -> Countdown:
    """What to count to at `now`, in the time zone `tz`: one of the five cases.

    `now` lies in the years 2 to 9998, the calendar's own ends being too near otherwise. Raises as
    `clock_state` does.
    """
    state = clock_state(now, start, race, tz)
    dates = Dates(start, race, runtime_minutes)
    today = now.astimezone(tz).date()
    days_since_start = (today - start).days
    days_to_race = (race - today).days
    if state == "before_start":
        # The negated floor is the ceiling: a countdown says "1 minute" until it is over, never 0.
        remaining = timedelta(minutes=-((now - _midnight(start, tz)) // timedelta(minutes=1)))
        progress = 1 - remaining / BEFORE_START_SPAN if remaining <= BEFORE_START_SPAN else None
        return BeforeStart(dates, progress, remaining, days_to_race)
    if state == "race_day":
        return RaceDay(dates, 1.0, days_since_start)
    if state == "after_race":
        since_start = elapsed(start, today)
        last, coming = (add_months(start, 12 * (since_start.years + more)) for more in (0, 1))
        return AfterRace(
            dates,
            _progress(now, last, coming, tz),
            since_start=since_start,
            since_race=elapsed(race, today),
            is_anniversary=today == last,
            next_number=since_start.years + 1,
            next_date=coming,
            days_to_next=(coming - today).days,
        )
    minutes_a_day = -(-runtime_minutes // days_to_race)
    if state == "start_day":
        return StartDay(dates, None, days_to_race, minutes_a_day)
    progress = _progress(now, start, race, tz)
    return BeforeRace(dates, progress, days_since_start, days_to_race, minutes_a_day)


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where it has no such day.

    So 29 February has its anniversary on 28 February in a common year.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def elapsed(since: date, until: date) -> Elapsed:
    """The whole months from `since` to `until`, as years and months, and the days after them.

    `until` must not be before `since`; `add_months(since, 12 * years + months)` and `days` lead back to it.
    """
    months = 12 * (until.year - since.year) + until.month - since.month
    if add_months(since, months) > until:
        months -= 1
    return Elapsed(*divmod(months, 12), (until - add_months(since, months)).days)


def bar(progress: float, width: int = 12) -> str:
    """A picture of `progress` (0..1), `width` characters long; full only when all is done."""
    filled = min(max(int(progress * width), 0), width)
    return "▓" * filled + "░" * (width - filled)


def percent(progress: float, locale: str) -> str:
    """`progress` (0..1) in per cent as `locale` writes it, rounded down: 100 only when all is done."""
    from babel.numbers import format_percent

    return format_percent(int(progress * 100) / 100, locale=locale)


def units(amounts: Mapping[str, int], locale: str) -> str:
    """Amounts by unit (`year`, `month`, `day`, `hour`, `minute`) as a list in words, without the zeros.

    When all are zero, the last one is named.
    """
    # Babel is imported where it is used: it takes longer to load than most questions to answer.
    from babel.lists import format_list
    from babel.units import format_unit

    named = {unit: amount for unit, amount in amounts.items() if amount} or dict([list(amounts.items())[-1]])
    words = [
        format_unit(amount, f"duration-{unit}", length="long", locale=locale)
        for unit, amount in named.items()
    ]
    return format_list(words, locale=locale)


def running_time(minutes: int, locale: str) -> str:
    """Minutes as hours and minutes in words: `2 hours and 36 minutes`."""
    return units({"hour": minutes // 60, "minute": minutes % 60}, locale)


def countdown_text(countdown: Countdown, phrases: Mapping[str, str], locale: str) -> str:
    """The message for a countdown, in the words of `phrases` (see `PHRASES`) and the forms of `locale`.

    A line that is left empty (no span to show) is dropped. Raises `KeyError` for a missing phrase or a
    field that it may not name.
    """
    from babel.dates import format_date

    dates = countdown.dates
    runtime = running_time(dates.runtime_minutes, locale)
    fields = {
        "start": format_date(dates.start, "long", locale=locale),
        "start_full": format_date(dates.start, "full", locale=locale),
        "race": format_date(dates.race, "long", locale=locale),
        "race_full": format_date(dates.race, "full", locale=locale),
        "runtime": runtime,
    }
    name = f"countdown_{countdown.state}"
    bar_name, bar_fields = "countdown_bar_race", {}
    if isinstance(countdown, BeforeStart):
        minutes = countdown.remaining // timedelta(minutes=1)
        parts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
        fields["remaining"] = units(parts, locale)
        bar_name = "countdown_bar_before_start"
        bar_fields = {"span": units({"day": BEFORE_START_SPAN.days}, locale)}
    if isinstance(countdown, BeforeStart | StartDay | BeforeRace):
        fields["race_left"] = units({"day": countdown.days_to_race}, locale)
        fields["race_ahead"] = _from_today(countdown.days_to_race, "day", locale)
    if isinstance(countdown, StartDay | BeforeRace):
        pace = "countdown_pace" if countdown.days_to_race > 1 else "countdown_pace_last"
        a_day = units({"minute": countdown.minutes_a_day}, locale)
        fields["pace"] = phrases[pace].format(runtime=runtime, minutes_a_day=a_day)
    if isinstance(countdown, BeforeRace | RaceDay):
        fields["start_ago"] = _from_today(-countdown.days_since_start, "day", locale)
    if isinstance(countdown, AfterRace):
        if countdown.is_anniversary:
            name = "countdown_anniversary"
            fields["ordinal"] = _ordinal(countdown.next_number - 1, phrases, locale)
            fields["years_ago"] = _from_today(-countdown.since_start.years, "year", locale)
        fields["since_start"] = _elapsed_in_words(countdown.since_start, locale)
        fields["since_race"] = _elapsed_in_words(countdown.since_race, locale)
        fields["next_ordinal"] = _ordinal(countdown.next_number, phrases, locale)
        fields["next_full"] = format_date(countdown.next_date, "full", locale=locale)
        fields["next_ahead"] = _from_today(countdown.days_to_next, "day", locale)
        bar_name = "countdown_bar_anniversary"
        bar_fields = {"next_ordinal": fields["next_ordinal"]}
    fields["bar"] = ""
    if countdown.progress is not None:
        fields["bar"] = phrases[bar_name].format(
            bar=bar(countdown.progress), percent=percent(countdown.progress, locale), **bar_fields
        )
    text = phrases[name].format_map(fields)
    return "\n".join(line for line in text.splitlines() if line.strip())


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    """The first moment of `day` in `tz`, in UTC: Python subtracts two times of one zone by the wall clock."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


def _progress(now: datetime, begin: date, end: date, tz: ZoneInfo) -> float:
    since = _midnight(begin, tz)
    return min(max((now.astimezone(UTC) - since) / (_midnight(end, tz) - since), 0.0), 1.0)


def _elapsed_in_words(span: Elapsed, locale: str) -> str:
    return units({"year": span.years, "month": span.months, "day": span.days}, locale)


def _from_today(amount: int, unit: Literal["day", "year"], locale: str) -> str:
    """`in 8 days`, `3 days ago`: CLDR's own forms, which have the cases right (`vor 3 Tagen`)."""
    from babel.dates import format_timedelta

    delta = timedelta(days=amount * (365 if unit == "year" else 1))
    # Without the threshold babel turns 40 days into a month.
    return format_timedelta(delta, granularity=unit, threshold=1e9, add_direction=True, locale=locale)


def _ordinal(number: int, phrases: Mapping[str, str], locale: str) -> str:
    from babel import Locale

    form = Locale.parse(locale).ordinal_form(number)
    phrase = phrases.get(f"countdown_ordinal_{form}", phrases["countdown_ordinal_other"])
    return phrase.format(number=number)
