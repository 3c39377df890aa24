"""`/countdown`: what there is to count to, by the clock of a time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.countdown import (
    BEFORE_START_SPAN,
    PHRASES,
    AfterRace,
    BeforeRace,
    BeforeStart,
    Countdown,
    Elapsed,
    RaceDay,
    StartDay,
    add_months,
    bar,
    clock_state,
    countdown,
    countdown_text,
    elapsed,
    percent,
    units,
)
from bot.loader import load_faq

START, RACE, RUNTIME = date(2017, 6, 9), date(2017, 6, 17), 156
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [ZoneInfo(key) for key in ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kolkata")]
LANGUAGES = ("de", "en")
SECOND = timedelta(seconds=1)

Phrases = Mapping[str, Mapping[str, str]]

aware = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([*ZONES, UTC]))  # noqa: DTZ001
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    """The phrases of each language, from the FAQ that ships."""
    faq = load_faq(Path(__file__).parent.parent / "faq")
    return {language: faq.languages[language].phrases for language in LANGUAGES}


def at(
    now: str,
    *,
    tz: ZoneInfo = BERLIN,
    start: date = START,
    race: date = RACE,
    runtime: int = RUNTIME,
) -> Countdown:
    """The countdown when the clocks of `tz` show `now`."""
    moment = datetime.fromisoformat(now).replace(tzinfo=tz)
    return countdown(moment, start=start, race=race, runtime_minutes=runtime, tz=tz)


def midnight(day: date, tz: ZoneInfo) -> datetime:
    """The first moment of `day` in `tz`, in UTC, so that adding seconds adds real ones."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


# --- the five cases and their edges


@pytest.mark.parametrize("tz", ZONES, ids=str)
@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (START, "before_start", "start_day"),
        (START + timedelta(days=1), "start_day", "before_race"),
        (RACE, "before_race", "race_day"),
        (RACE + timedelta(days=1), "race_day", "after_race"),
    ],
)
def test_each_case_begins_at_local_midnight(day: date, before: str, after: str, tz: ZoneInfo) -> None:
    edge = midnight(day, tz)
    assert clock_state(edge - SECOND, START, RACE, tz) == before
    assert clock_state(edge, START, RACE, tz) == after
    assert clock_state(edge + SECOND, START, RACE, tz) == after


def test_the_time_zone_decides_and_not_the_one_that_now_is_written_in() -> None:
    moment = datetime(2017, 6, 8, 23, tzinfo=UTC)  # 9 June, 01:00 in Berlin
    assert clock_state(moment, START, RACE, BERLIN) == "start_day"
    assert clock_state(moment, START, RACE, ZoneInfo("America/New_York")) == "before_start"
    assert clock_state(moment.astimezone(ZoneInfo("Asia/Kolkata")), START, RACE, BERLIN) == "start_day"


def test_a_race_the_day_after_the_start_leaves_no_day_between() -> None:
    race = START + timedelta(days=1)
    assert at("2017-06-09T23:59:59", race=race).state == "start_day"
    assert at("2017-06-10T00:00:00", race=race).state == "race_day"


def test_a_time_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        clock_state(datetime(2017, 6, 9), START, RACE, BERLIN)  # noqa: DTZ001


@pytest.mark.parametrize("race", [START, START - timedelta(days=1)])
def test_a_race_that_is_not_after_the_start_is_refused(race: date) -> None:
    with pytest.raises(ValueError, match="must come after the start"):
        clock_state(datetime(2017, 6, 9, tzinfo=UTC), START, race, BERLIN)


# --- before the start


@pytest.mark.parametrize("tz", ZONES, ids=str)
def test_the_last_minute_before_the_start_is_never_shown_as_zero(tz: ZoneInfo) -> None:
    case = countdown(midnight(START, tz) - SECOND, start=START, race=RACE, runtime_minutes=RUNTIME, tz=tz)
    assert isinstance(case, BeforeStart)
    assert case.remaining == timedelta(minutes=1)


def test_before_the_start_it_counts_days_hours_and_minutes_to_midnight() -> None:
    case = at("2017-06-05T19:48")
    assert isinstance(case, BeforeStart)
    assert case.remaining == timedelta(days=3, hours=4, minutes=12)
    assert case.days_to_race == 12


@pytest.mark.parametrize(
    ("now", "start", "tz", "hours"),
    [
        ("2017-03-26T00:00", date(2017, 3, 27), "Europe/Berlin", 23),
        ("2017-03-25T12:00", date(2017, 3, 27), "Europe/Berlin", 35),
        ("2017-10-29T00:00", date(2017, 10, 30), "Europe/Berlin", 25),
        ("2017-03-12T00:00", date(2017, 3, 13), "America/New_York", 23),
        ("2017-11-05T00:00", date(2017, 11, 6), "America/New_York", 25),
        ("2017-03-26T00:00", date(2017, 3, 27), "Asia/Kolkata", 24),
        ("2017-03-01T12:00", START, "Europe/Berlin", 99 * 24 + 11),
    ],
)
def test_hours_that_the_clocks_skip_or_repeat_count_as_they_pass(
    now: str, start: date, tz: str, hours: int
) -> None:
    case = at(now, start=start, race=start + timedelta(days=8), tz=ZoneInfo(tz))
    assert isinstance(case, BeforeStart)
    assert case.remaining == timedelta(hours=hours)


def test_both_halves_of_the_repeated_hour_are_told_apart() -> None:
    first = datetime(2017, 10, 29, 2, 30, tzinfo=BERLIN)
    hours = []
    for now in (first, first.replace(fold=1)):
        case = countdown(
            now, start=date(2017, 10, 30), race=date(2017, 11, 1), runtime_minutes=RUNTIME, tz=BERLIN
        )
        assert isinstance(case, BeforeStart)
        hours.append(case.remaining / timedelta(hours=1))
    assert hours == [22.5, 21.5]


def test_the_bar_before_the_start_shows_the_last_days_only() -> None:
    assert at("2017-05-09T23:59").progress is None
    assert at("2017-05-10T00:00").progress == 0
    assert at("2017-05-25T00:00").progress == 0.5


# --- from the start to the race


def test_on_the_start_day_the_days_from_today_to_the_eve_of_the_race_share_the_running_time() -> None:
    case = at("2017-06-09T00:00")
    assert isinstance(case, StartDay)
    assert (case.days_to_race, case.minutes_a_day) == (8, 20)  # 8 x 19 minutes would be 4 short


@pytest.mark.parametrize(
    ("now", "since", "left", "minutes"),
    [
        ("2017-06-10T00:00", 1, 7, 23),
        ("2017-06-12T12:00", 3, 5, 32),
        ("2017-06-16T23:59:59", 7, 1, 156),
    ],
)
def test_between_start_and_race_it_counts_both_ways(now: str, since: int, left: int, minutes: int) -> None:
    case = at(now)
    assert isinstance(case, BeforeRace)
    assert (case.days_since_start, case.days_to_race, case.minutes_a_day) == (since, left, minutes)


def test_progress_runs_from_the_start_to_the_race() -> None:
    assert at("2017-06-13T00:00").progress == 0.5
    assert at("2017-06-17T00:00").progress == at("2017-06-17T23:59").progress == 1


def test_progress_counts_the_hour_that_the_clocks_skip() -> None:
    case = at("2017-03-26T12:00", start=date(2017, 3, 25), race=date(2017, 3, 27))
    assert case.progress == (24 + 11) / (24 + 23)


def test_on_the_race_day_it_knows_how_long_the_series_is_out() -> None:
    case = at("2017-06-17T09:00")
    assert isinstance(case, RaceDay)
    assert case.days_since_start == 8


# --- after the race


@pytest.mark.parametrize(
    ("now", "since_start", "since_race", "number", "day", "left"),
    [
        ("2017-06-18T00:00", Elapsed(0, 0, 9), Elapsed(0, 0, 1), 1, date(2018, 6, 9), 356),
        ("2018-06-08T23:59:59", Elapsed(0, 11, 30), Elapsed(0, 11, 22), 1, date(2018, 6, 9), 1),
        ("2018-06-09T00:00", Elapsed(1, 0, 0), Elapsed(0, 11, 23), 2, date(2019, 6, 9), 365),
        ("2018-06-10T00:00", Elapsed(1, 0, 1), Elapsed(0, 11, 24), 2, date(2019, 6, 9), 364),
        ("2026-11-23T12:00", Elapsed(9, 5, 14), Elapsed(9, 5, 6), 10, date(2027, 6, 9), 198),
    ],
)
def test_after_the_race_it_counts_since_both_and_to_the_next_anniversary(
    now: str, since_start: Elapsed, since_race: Elapsed, number: int, day: date, left: int
) -> None:
    case = at(now)
    assert isinstance(case, AfterRace)
    assert (case.since_start, case.since_race) == (since_start, since_race)
    assert (case.next_number, case.next_date, case.days_to_next) == (number, day, left)


@pytest.mark.parametrize("tz", ZONES, ids=str)
def test_an_anniversary_lasts_from_midnight_to_midnight(tz: ZoneInfo) -> None:
    def is_anniversary(now: datetime) -> bool:
        case = countdown(now, start=START, race=RACE, runtime_minutes=RUNTIME, tz=tz)
        assert isinstance(case, AfterRace)
        return case.is_anniversary

    begin, end = midnight(date(2020, 6, 9), tz), midnight(date(2020, 6, 10), tz)
    assert not is_anniversary(begin - SECOND)
    assert is_anniversary(begin)
    assert is_anniversary(end - SECOND)
    assert not is_anniversary(end)


def test_a_start_on_leap_day_has_its_anniversary_on_the_last_of_february() -> None:
    for now, today, following in [
        ("2017-02-28T12:00", True, date(2018, 2, 28)),
        ("2017-03-01T12:00", False, date(2018, 2, 28)),
        ("2020-02-28T12:00", False, date(2020, 2, 29)),
        ("2020-02-29T12:00", True, date(2021, 2, 28)),
    ]:
        case = at(now, start=date(2016, 2, 29), race=date(2016, 3, 8))
        assert isinstance(case, AfterRace)
        assert (case.is_anniversary, case.next_date) == (today, following)


# --- calendar arithmetic


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2017, 10, 31), 1, date(2017, 11, 30)),
        (date(2017, 11, 30), 1, date(2017, 12, 30)),
        (date(2017, 12, 31), 2, date(2018, 2, 28)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 2, 29), 48, date(2020, 2, 29)),
        (date(2017, 6, 9), 0, date(2017, 6, 9)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (date(2017, 1, 31), date(2017, 2, 28), Elapsed(0, 1, 0)),
        (date(2017, 1, 31), date(2017, 3, 1), Elapsed(0, 1, 1)),
        (date(2017, 1, 31), date(2017, 3, 30), Elapsed(0, 1, 30)),
        (date(2016, 2, 29), date(2017, 2, 28), Elapsed(1, 0, 0)),
        (date(2016, 2, 28), date(2016, 2, 29), Elapsed(0, 0, 1)),
        (date(2016, 12, 31), date(2017, 1, 1), Elapsed(0, 0, 1)),
        (START, START, Elapsed(0, 0, 0)),
    ],
)
def test_elapsed_time_at_the_ends_of_months(since: date, until: date, span: Elapsed) -> None:
    assert elapsed(since, until) == span


@given(days, days)
def test_years_months_and_days_lead_back_to_the_date(one: date, other: date) -> None:
    since, until = sorted((one, other))
    span = elapsed(since, until)
    assert add_months(since, 12 * span.years + span.months) + timedelta(days=span.days) == until
    assert 0 <= span.months < 12
    assert 0 <= span.days < 31


@given(days, days)
def test_elapsed_agrees_with_counting_month_by_month(one: date, other: date) -> None:
    since, until = sorted((one, other))
    months = 0
    while add_months(since, months + 1) <= until:
        months += 1
    rest = (until - add_months(since, months)).days
    assert elapsed(since, until) == Elapsed(months // 12, months % 12, rest)


# --- properties of every countdown


@settings(deadline=None)
@given(aware, st.sampled_from(ZONES), days, st.integers(1, 400), st.integers(1, 10_000))
def test_every_moment_has_a_countdown_that_adds_up(
    now: datetime, tz: ZoneInfo, start: date, gap: int, runtime: int
) -> None:
    race = start + timedelta(days=gap)
    case = countdown(now, start=start, race=race, runtime_minutes=runtime, tz=tz)
    today = now.astimezone(tz).date()
    assert case.state == clock_state(now, start, race, tz)
    assert case.progress is None or 0 <= case.progress <= 1
    if isinstance(case, BeforeStart):
        short = midnight(start, tz) - now
        assert timedelta() <= case.remaining - short < timedelta(minutes=1)
        assert (case.progress is None) == (case.remaining > BEFORE_START_SPAN)
    if isinstance(case, StartDay | BeforeRace):
        assert (case.minutes_a_day - 1) * case.days_to_race < runtime
        assert case.minutes_a_day * case.days_to_race >= runtime
    if isinstance(case, AfterRace):
        assert today + timedelta(days=case.days_to_next) == case.next_date
        assert case.next_date == add_months(start, 12 * case.next_number)
        assert case.days_to_next > 0


@settings(deadline=None)
@given(now=aware, tz=st.sampled_from(ZONES), language=st.sampled_from(LANGUAGES))
def test_every_moment_has_a_short_message(
    phrases: Phrases, now: datetime, tz: ZoneInfo, language: str
) -> None:
    case = countdown(now, start=START, race=RACE, runtime_minutes=RUNTIME, tz=tz)
    lines = countdown_text(case, phrases[language], language).split("\n")
    assert len(lines) <= 6
    assert all(line.strip() for line in lines)
    assert lines[0].startswith("*")
    assert sum(line.count("*") for line in lines) == 2
    assert "{" not in "".join(lines)


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (START - BEFORE_START_SPAN, START),
        (START + timedelta(days=1), RACE),
        (date(2018, 6, 9), date(2019, 6, 9)),
    ],
)
@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_progress_never_runs_backwards(begin: date, end: date, shares: tuple[float, float]) -> None:
    first, last = midnight(begin, BERLIN), midnight(end, BERLIN) - SECOND
    earlier, later = (
        countdown(first + share * (last - first), start=START, race=RACE, runtime_minutes=RUNTIME, tz=BERLIN)
        for share in sorted(shares)
    )
    assert earlier.progress is not None
    assert later.progress is not None
    assert earlier.progress <= later.progress


# --- the bar, and amounts in words


@given(st.floats(0, 1), st.integers(1, 100))
def test_the_bar_is_always_as_wide_and_full_only_at_the_end(progress: float, width: int) -> None:
    picture = bar(progress, width)
    assert len(picture) == width
    assert picture == "▓" * picture.count("▓") + "░" * picture.count("░")
    if progress < 1:
        assert picture.endswith("░")


def test_the_bar_at_its_ends_and_in_the_middle() -> None:
    assert bar(0) == "░" * 12
    assert bar(0.44) == "▓▓▓▓▓░░░░░░░"
    assert bar(1) == "▓" * 12
    assert bar(-1, 3) == "░░░"
    assert bar(2, 3) == "▓▓▓"


def test_per_cent_are_rounded_down() -> None:
    assert percent(0.999999, "en") == "99%"
    assert percent(1, "en") == "100%"
    assert percent(0.5, "de") == "50\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("amounts", "german", "english"),
    [
        ({"day": 1, "hour": 1, "minute": 1}, "1 Tag, 1 Stunde und 1 Minute", "1 day, 1 hour, and 1 minute"),
        ({"year": 1, "month": 1, "day": 1}, "1 Jahr, 1 Monat und 1 Tag", "1 year, 1 month, and 1 day"),
        ({"year": 2, "month": 0, "day": 2}, "2 Jahre und 2 Tage", "2 years and 2 days"),
        ({"hour": 0, "minute": 0}, "0 Minuten", "0 minutes"),
    ],
)
def test_amounts_are_singular_and_plural_and_zeros_left_out(
    amounts: dict[str, int], german: str, english: str
) -> None:
    assert units(amounts, "de") == german
    assert units(amounts, "en") == english


# --- the messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_may_use_every_field_that_is_promised(phrases: Phrases, language: str) -> None:
    greedy = dict(phrases[language]) | {
        name: " ".join(f"{{{field}}}" for field in sorted(fields)) for name, fields in PHRASES.items()
    }
    for now in (
        "2017-01-01T00:00",
        "2017-06-01T00:00",
        "2017-06-09T00:00",
        "2017-06-12T00:00",
        "2017-06-16T00:00",
        "2017-06-17T00:00",
        "2017-07-01T00:00",
        "2018-06-09T00:00",
    ):
        assert "{" not in countdown_text(at(now), greedy, language)


@pytest.mark.parametrize(
    ("now", "german", "english"),
    [
        ("2017-06-07T22:59", "1 Tag, 1 Stunde und 1 Minute", "1 day, 1 hour, and 1 minute"),
        ("2017-06-16T12:00", "Noch 1 Tag bis", "1 day to go"),
        ("2017-06-10T12:00", "vor 1 Tag", "1 day ago"),
        ("2018-06-10T12:00", "1 Jahr und 1 Tag", "1 year and 1 day"),
        ("2018-06-09T12:00", "vor 1 Jahr", "1 year ago"),
        ("2018-06-08T12:00", "in 1 Tag.", "in 1 day."),
        ("2026-11-23T12:00", "in 198 Tagen", "in 198 days"),
        ("2020-06-09T12:00", "vor 3 Jahren", "3 years ago"),
    ],
)
def test_one_is_singular_and_german_has_its_cases_right(
    phrases: Phrases, now: str, german: str, english: str
) -> None:
    assert german in countdown_text(at(now), phrases["de"], "de")
    assert english in countdown_text(at(now), phrases["en"], "en")


@pytest.mark.parametrize(
    ("year", "ordinal"),
    [(2018, "1st"), (2019, "2nd"), (2020, "3rd"), (2021, "4th"), (2028, "11th"), (2038, "21st")],
)
def test_english_anniversaries_have_their_endings(phrases: Phrases, year: int, ordinal: str) -> None:
    text = countdown_text(at(f"{year}-06-09T12:00"), phrases["en"], "en")
    assert text.startswith(f"*Today is the {ordinal} anniversary of the series!*")


GERMAN = {
    "2017-06-05T19:48": """\
*Noch 3 Tage, 4 Stunden und 12 Minuten bis zum Start der Serie.*
▓▓▓▓▓▓▓▓▓▓░░ 89\xa0% der letzten 30 Tage
Los geht es am Freitag, 9. Juni 2017. Eine Uhrzeit nennt der Artikel nicht, darum zähle ich bis Mitternacht.
Und danach kommt das Rennen von Le Mans: am Samstag, 17. Juni 2017, in 12 Tagen. 🏁""",
    "2017-06-09T12:00": """\
*Heute ist es so weit: Die Serie startet!* 🎉
Die ganze Serie dauert 2 Stunden und 36 Minuten: Mit 20 Minuten am Tag schaffst du sie vor dem Rennen.
Das Rennen von Le Mans startet in 8 Tagen, am Samstag, 17. Juni 2017.""",
    "2017-06-12T12:00": """\
*Noch 5 Tage bis zum Rennen von Le Mans.* 🏁
▓▓▓▓▓░░░░░░░ 43\xa0% der Zeit vom Serienstart bis zum Rennen
Das Rennen startet am Samstag, 17. Juni 2017.
Die Serie ist schon da: Sie startete vor 3 Tagen, am 9. Juni 2017.
Die ganze Serie dauert 2 Stunden und 36 Minuten: Mit 32 Minuten am Tag schaffst du sie vor dem Rennen.""",
    "2017-06-17T09:00": """\
*Heute ist Renntag: Beim Rennen von Le Mans fällt der Startschuss!* 🏁
▓▓▓▓▓▓▓▓▓▓▓▓ 100\xa0% der Zeit vom Serienstart bis zum Rennen
Die Serie startete vor 8 Tagen, am 9. Juni 2017.
Noch nichts gesehen? Die ganze Serie dauert 2 Stunden und 36 Minuten.""",
    "2026-11-23T12:00": """\
*Seit dem Start der Serie vergangen: 9 Jahre, 5 Monate und 14 Tage.*
Seit dem Start des Rennens vergangen: 9 Jahre, 5 Monate und 6 Tage.
Die Serie startete am 9. Juni 2017, das Rennen am 17. Juni 2017.
▓▓▓▓▓░░░░░░░ 45\xa0% des Wegs zum 10. Jahrestag
Der 10. Jahrestag der Serie ist am Mittwoch, 9. Juni 2027, in 198 Tagen.""",
    "2026-06-09T12:00": """\
*Heute ist der 9. Jahrestag der Serie!* 🎉
Sie startete vor 9 Jahren, am 9. Juni 2017.
Seit dem Start des Rennens am 17. Juni 2017 vergangen: 8 Jahre, 11 Monate und 23 Tage.
Der 10. Jahrestag ist am Mittwoch, 9. Juni 2027, in 365 Tagen.""",
}

ENGLISH = {
    "2017-06-05T19:48": """\
*3 days, 4 hours, and 12 minutes to go until the series starts.*
▓▓▓▓▓▓▓▓▓▓░░ 89% of the last 30 days
It starts on Friday, June 9, 2017. The article gives no time of day, so I count to midnight.
And then comes the Le Mans race: on Saturday, June 17, 2017, in 12 days. 🏁""",
    "2017-06-09T12:00": """\
*Today is the day: the series starts!* 🎉
The whole series runs for 2 hours and 36 minutes: at 20 minutes a day you finish before the race.
The Le Mans race starts in 8 days, on Saturday, June 17, 2017.""",
    "2017-06-12T12:00": """\
*5 days to go until the Le Mans race.* 🏁
▓▓▓▓▓░░░░░░░ 43% of the time from series start to race
The race starts on Saturday, June 17, 2017.
The series is out: it started 3 days ago, on June 9, 2017.
The whole series runs for 2 hours and 36 minutes: at 32 minutes a day you finish before the race.""",
    "2017-06-17T09:00": """\
*It is race day: the Le Mans race starts today!* 🏁
▓▓▓▓▓▓▓▓▓▓▓▓ 100% of the time from series start to race
The series started 8 days ago, on June 9, 2017.
Not seen any of it yet? The whole series runs for 2 hours and 36 minutes.""",
    "2026-11-23T12:00": """\
*Time since the series started: 9 years, 5 months, and 14 days.*
Time since the race started: 9 years, 5 months, and 6 days.
The series started on June 9, 2017, the race on June 17, 2017.
▓▓▓▓▓░░░░░░░ 45% of the way to the 10th anniversary
The 10th anniversary of the series is on Wednesday, June 9, 2027, in 198 days.""",
    "2026-06-09T12:00": """\
*Today is the 9th anniversary of the series!* 🎉
It started 9 years ago, on June 9, 2017.
Time since the race started on June 17, 2017: 8 years, 11 months, and 23 days.
The 10th anniversary is on Wednesday, June 9, 2027, in 365 days.""",
}


@pytest.mark.parametrize(("now", "text"), GERMAN.items(), ids=GERMAN)
def test_german_messages(phrases: Phrases, now: str, text: str) -> None:
    assert countdown_text(at(now), phrases["de"], "de") == text


@pytest.mark.parametrize(("now", "text"), ENGLISH.items(), ids=ENGLISH)
def test_english_messages(phrases: Phrases, now: str, text: str) -> None:
    assert countdown_text(at(now), phrases["en"], "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_eve_of_the_race_there_is_only_today_left_to_watch(phrases: Phrases, language: str) -> None:
    text = countdown_text(at("2017-06-16T12:00"), phrases[language], language)
    assert phrases[language]["countdown_pace_last"].partition("}")[2] in text
    assert "156" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_no_span_to_show_there_is_no_bar(phrases: Phrases, language: str) -> None:
    for now in ("2017-05-01T00:00", "2017-06-09T00:00", "2018-06-09T00:00"):
        assert "░" not in countdown_text(at(now), phrases[language], language)
