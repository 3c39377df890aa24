"""`/episodes`: the schedule, and what is left of it after some episodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.episodes import MAX_ECHO, PHRASES, Schedule, clean, cut, done_at, episode_number, episodes_text
from bot.loader import load_faq

SERIES = Schedule(6, 26)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2017, 6, 12, 12, 0, tzinfo=BERLIN)
LANGUAGES = ("de", "en")
WORDS = {"de": {"eins": 1, "drei": 3, "sieben": 7}, "en": {"one": 1, "three": 3, "seven": 7}}

Phrases = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    """The phrases of each language, from the FAQ that ships."""
    faq = load_faq(Path(__file__).parent.parent / "faq")
    return {language: faq.languages[language].phrases for language in LANGUAGES}


def ask(
    phrases: Phrases,
    language: str,
    argument: str = "",
    *,
    now: datetime = NOON,
    tz: ZoneInfo = BERLIN,
    schedule: Schedule = SERIES,
    released: bool = True,
) -> str:
    return episodes_text(
        schedule,
        phrases[language],
        language,
        now=now,
        tz=tz,
        argument=argument,
        words=WORDS[language],
        released=released,
    )


# --- the schedule


def test_running_times_add_up() -> None:
    assert SERIES.total == 156
    assert [SERIES.seen(n) for n in range(7)] == [0, 26, 52, 78, 104, 130, 156]
    assert [SERIES.left(n) for n in range(7)] == [156, 130, 104, 78, 52, 26, 0]


@pytest.mark.parametrize(("episodes", "minutes"), [(0, 26), (6, 0), (-1, 26)])
def test_a_schedule_without_episodes_or_minutes_is_refused(episodes: int, minutes: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Schedule(episodes, minutes)


@pytest.mark.parametrize(
    ("now", "clock"),
    [
        ("2017-06-12T12:00", "2017-06-12 14:36"),
        ("2017-06-12T22:30", "2017-06-13 01:06"),
        ("2017-03-26T00:30", "2017-03-26 04:06"),  # 02:00 to 03:00 does not exist
        ("2017-10-29T00:30", "2017-10-29 02:06"),  # 02:00 to 03:00 comes twice
    ],
)
def test_the_end_is_told_in_local_time_over_changes_of_the_clocks(now: str, clock: str) -> None:
    begin = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    done = done_at(begin, 156, BERLIN)
    assert f"{done:%Y-%m-%d %H:%M}" == clock
    assert done.astimezone(UTC) - begin.astimezone(UTC) == timedelta(minutes=156)


# --- what the user may write


@pytest.mark.parametrize(
    "argument", ["3", " 3 ", "#3", "# 3", "3.", "03", "0" * 5000 + "3", "three", "Three", "THREE "]
)
def test_three_may_be_written_in_many_ways(argument: str) -> None:
    assert episode_number(argument, WORDS["en"]) == 3


@pytest.mark.parametrize("argument", ["", "x", "-1", "2.5", "3,5", "1e3", "3 4", "drei", "³", "9" * 5000])
def test_what_is_no_number_is_none(argument: str) -> None:
    assert episode_number(argument, WORDS["en"]) is None


def test_what_comes_back_to_the_user_holds_no_markup_and_no_line_break() -> None:
    assert clean(" *bold*\r\n*more*\u2028x\x00\x1b[1m\u202ey ") == "bold more x [1m y"
    assert cut("a" * 20) == "a" * 20
    assert cut("a" * 21) == "a" * 20 + "…"


# --- the messages


def test_the_whole_schedule_in_german(phrases: Phrases) -> None:
    assert (
        ask(phrases, "de")
        == """\
*6 Folgen mit je 26 Minuten: zusammen 2 Stunden und 36 Minuten.*

Folge 1 · 26 min · gesamt 26 min
Folge 2 · 26 min · gesamt 52 min
Folge 3 · 26 min · gesamt 1 h 18 min
Folge 4 · 26 min · gesamt 1 h 44 min
Folge 5 · 26 min · gesamt 2 h 10 min
Folge 6 · 26 min · gesamt 2 h 36 min

Folge 1 zeigt, wie in Weissach das Rennauto entwickelt wird. Außerdem begleitet die Serie Mark Webber, \
von der Vorbereitung auf das Rennen an.
Was in den Folgen 2 bis 6 geschieht, verrät der Artikel nicht.

Fängst du jetzt an, bist du um 14:36 Uhr fertig."""
    )


def test_the_whole_schedule_in_english(phrases: Phrases) -> None:
    assert (
        ask(phrases, "en")
        == """\
*6 episodes of 26 minutes each: 2 hours and 36 minutes in all.*

Episode 1 · 26 min · total 26 min
Episode 2 · 26 min · total 52 min
Episode 3 · 26 min · total 1 h 18 min
Episode 4 · 26 min · total 1 h 44 min
Episode 5 · 26 min · total 2 h 10 min
Episode 6 · 26 min · total 2 h 36 min

Episode 1 shows how the race car is developed in Weissach. The series also follows Mark Webber, \
from his preparation for the race on.
What happens in episodes 2 to 6, the article does not say.

Start now and you are done at 14:36."""
    )


@pytest.mark.parametrize("argument", ["3", " 3 ", "#3", "3.", "drei", "*3*"])
def test_after_three_in_german(phrases: Phrases, argument: str) -> None:
    assert (
        ask(phrases, "de", argument)
        == """\
*Hinter dir: 3 Folgen, 1 h 18 min.*
▓▓▓▓▓▓░░░░░░ 50\xa0%
Noch vor dir: 3 Folgen, 78 Minuten.
Schaust du jetzt weiter, bist du um 13:18 Uhr fertig."""
    )


@pytest.mark.parametrize("argument", ["3", " 3 ", "#3", "3.", "Three", "*3*"])
def test_after_three_in_english(phrases: Phrases, argument: str) -> None:
    assert (
        ask(phrases, "en", argument)
        == """\
*Behind you: 3 episodes, 1 h 18 min.*
▓▓▓▓▓▓░░░░░░ 50%
Still ahead: 3 episodes, 78 minutes.
Go on now and you are done at 13:18."""
    )


def test_one_episode_is_singular(phrases: Phrases) -> None:
    assert "Hinter dir: 1 Folge, 26 min." in ask(phrases, "de", "1")
    assert "Noch vor dir: 1 Folge, 26 Minuten." in ask(phrases, "de", "5")
    assert "Behind you: 1 episode, 26 min." in ask(phrases, "en", "1")
    assert "Still ahead: 1 episode, 26 minutes." in ask(phrases, "en", "5")


def test_after_none_everything_is_ahead(phrases: Phrases) -> None:
    assert (
        ask(phrases, "de", "0")
        == """\
*Noch liegt alles vor dir: 6 Folgen, 156 Minuten.*
Fängst du jetzt an, bist du um 14:36 Uhr fertig."""
    )
    assert (
        ask(phrases, "en", "0")
        == """\
*Everything is still ahead of you: 6 episodes, 156 minutes.*
Start now and you are done at 14:36."""
    )


def test_after_all_nothing_is_left_and_no_time_is_named(phrases: Phrases) -> None:
    assert (
        ask(phrases, "de", "6")
        == """\
*Geschafft: 6 Folgen, 2 Stunden und 36 Minuten. Es ist nichts mehr übrig.*
Glückwunsch! 🏁"""
    )
    assert (
        ask(phrases, "en", "6")
        == """\
*All done: 6 episodes, 2 hours and 36 minutes. There is nothing left.*
Congratulations! 🏁"""
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("7", "7"),
        ("-1", "-1"),
        ("x", "x"),
        ("2.5", "2.5"),
        ("99999999999999", "99999999999999"),
        ("9" * 5000, "9" * MAX_ECHO + "…"),
        ("a*b*\n*c*", "ab c"),
        ("{number} %s", "{number} %s"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_a_wrong_number_is_named_with_the_right_way_to_ask(
    phrases: Phrases, language: str, argument: str, said: str
) -> None:
    text = ask(phrases, language, argument)
    first, *rest = text.split("\n")
    assert {"de": f"„{said}“", "en": f"“{said}”"}[language] in first
    assert "6" in first
    assert {"de": "/folgen 1", "en": "/episodes 1"}[language] in "\n".join(rest)
    assert text.count("*") == 2


def test_a_number_word_beyond_the_last_episode_is_too_many(phrases: Phrases) -> None:
    assert ask(phrases, "de", "Sieben").startswith("*„Sieben“ ist zu viel: Die Serie hat 6 Folgen.*")
    assert ask(phrases, "en", "7").startswith("*“7” is too many: the series has 6 episodes.*")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("argument", ["", "  ", "\n", "***", "\x00"])
def test_nothing_but_space_and_asterisks_asks_for_the_schedule(
    phrases: Phrases, language: str, argument: str
) -> None:
    assert ask(phrases, language, argument) == ask(phrases, language)


@pytest.mark.parametrize(
    ("now", "german", "english"),
    [
        ("2017-06-12T21:23", "bist du um 23:59 Uhr fertig", "done at 23:59"),
        ("2017-06-12T21:24", "bist du morgen um 00:00 Uhr fertig", "done tomorrow at 00:00"),
        ("2017-03-25T23:30", "bist du morgen um 03:06 Uhr fertig", "done tomorrow at 03:06"),
    ],
)
def test_past_midnight_is_tomorrow(phrases: Phrases, now: str, german: str, english: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert german in ask(phrases, "de", now=moment)
    assert english in ask(phrases, "en", now=moment)


def test_tomorrow_is_told_by_the_clocks_of_the_time_zone(phrases: Phrases) -> None:
    evening = datetime(2017, 6, 12, 21, 0, tzinfo=UTC)
    assert "tomorrow at 01:36" in ask(phrases, "en", now=evening)
    assert "done at 19:36" in ask(phrases, "en", now=evening, tz=ZoneInfo("America/New_York"))
    night = datetime(2017, 6, 12, 23, 0, tzinfo=UTC)  # already the 13th in Berlin, before and after
    assert "done at 03:36" in ask(phrases, "en", now=night)


def test_a_very_long_series_names_the_date(phrases: Phrases) -> None:
    long = Schedule(48, 60)
    assert "am 14. Juni 2017 um 12:00 Uhr" in ask(phrases, "de", schedule=long)
    assert "on June 14, 2017 at 12:00" in ask(phrases, "en", schedule=long)
    assert "gesamt 48 h" in ask(phrases, "de", schedule=long)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("argument", ["", "0", "3"])
def test_before_the_start_nobody_is_told_to_start_now(phrases: Phrases, language: str, argument: str) -> None:
    text = ask(phrases, language, argument, released=False)
    assert text.endswith(phrases[language]["episodes_not_out"])
    assert "14:36" not in text


@pytest.mark.parametrize(("episodes", "rest"), [(1, ""), (2, "Folge 2 geschieht"), (3, "Folgen 2 bis 3")])
def test_shorter_series_read_well_too(phrases: Phrases, episodes: int, rest: str) -> None:
    text = ask(phrases, "de", schedule=Schedule(episodes, 26))
    assert rest in text
    assert ("geschieht" in text) == bool(rest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_may_use_every_field_that_is_promised(phrases: Phrases, language: str) -> None:
    greedy = dict(phrases[language]) | {
        name: " ".join(f"{{{field}}}" for field in sorted(fields)) or "-" for name, fields in PHRASES.items()
    }
    for argument in ("", "0", "3", "6", "7", "x"):
        for now in (NOON, NOON.replace(hour=23)):
            for schedule in (SERIES, Schedule(2, 30), Schedule(100, 60)):
                text = episodes_text(
                    schedule, greedy, language, now=now, tz=BERLIN, argument=argument, words={}
                )
                assert "{" not in text


@settings(deadline=None)
@given(
    argument=st.text() | st.integers().map(str),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
    language=st.sampled_from(LANGUAGES),
)
def test_any_argument_at_any_time_has_an_answer(
    phrases: Phrases, argument: str, now: datetime, language: str
) -> None:
    text = ask(phrases, language, argument, now=now)
    assert text.count("*") == 2
    assert text.startswith("*")
    assert len(text) < 1000


def test_a_huge_argument_is_answered_at_once(phrases: Phrases) -> None:
    for huge in ("0" * 100_000 + "x", "*" * 100_000, "x " * 50_000, " " * 100_000 + "3"):
        begin = datetime.now(UTC)
        ask(phrases, "en", huge)
        assert datetime.now(UTC) - begin < timedelta(milliseconds=500)  # 50 are wanted; machines differ
