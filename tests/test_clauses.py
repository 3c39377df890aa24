"""Messages are cut where a question of its own may begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clauses import LONG, MAX_CLAUSES, MAX_LETTERS, MAX_WORDS, WINDOW, clauses, shortened, windows

AND = frozenset({"und", "and"})


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Wann geht es los?", ["Wann geht es los?"]),
        ("Wann geht es los und wo läuft es?", ["Wann geht es los", "wo läuft es"]),
        ("Hallo! Wann, bitte?", ["Hallo", "Wann", "bitte"]),
        ("Wann?! Und wo? Ja.", ["Wann?", "wo?", "Ja"]),
        ("Am 17. Juni um 9? Gut. Ok", ["Am 17. Juni um 9?", "Gut", "Ok"]),
        ("1. Wann? 2) wo 3: wie lang", ["Wann?", "wo", "wie lang"]),
        ("(a) title b) where c) plan b, please", ["title", "where", "plan b", "please"]),
        ("cast / start + length", ["cast", "start", "length"]),
        ("eps AND length", ["eps", "length"]),
        ("Formel-1 und 9.6.2017", ["Formel-1", "9.6.2017"]),
        ("2 Stunden und 36 Minuten", ["2 Stunden", "36 Minuten"]),
        ("wann\nwo", ["wann", "wo"]),
        (" . , und ", []),
    ],
)
def test_clauses_end_at_punctuation_list_numbers_and_connectives(message: str, parts: list[str]) -> None:
    assert clauses(message, AND) == parts


@given(st.text())
def test_any_text_is_cut_into_a_bounded_number_of_clauses(message: str) -> None:
    assert len(clauses(message, AND)) <= MAX_CLAUSES


def test_of_very_many_clauses_the_first_and_the_last_are_kept() -> None:
    found = clauses(". ".join(f"clause{i}" for i in range(1000)), AND)
    assert (found[0], found[-1], len(found)) == ("clause0", "clause999", MAX_CLAUSES)


def test_a_short_clause_has_no_windows() -> None:
    assert windows("wann geht es los") == []


@given(st.integers(LONG + 1, 200))
def test_windows_cover_every_word_of_a_long_clause(length: int) -> None:
    text = [f"w{i}" for i in range(length)]
    found = windows(" ".join(text))
    assert {word for window in found for word in window.split()} == set(text)
    assert all(len(window.split()) == WINDOW for window in found)


@given(st.text() | st.text(alphabet="ab \n").map(lambda text: text * 999))
def test_of_a_message_without_end_the_beginning_and_the_end_are_kept(message: str) -> None:
    short = shortened(message)
    assert len(short) <= 2 * MAX_LETTERS + 1
    assert len(short.split()) <= max(MAX_WORDS, 1)
    if len(message) <= 100:
        assert short == message


def test_the_end_of_a_long_message_is_kept() -> None:
    assert shortened("bla " * 5000 + "wann startet die serie").endswith("bla wann startet die serie")
