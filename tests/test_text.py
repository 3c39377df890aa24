"""Folding, words and language packs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import MAX_WORD, Analyzer, fold, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ÄÖÜ", "aou"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("Ｌｅ Ｍａｎｓ", "le mans"),
        ("What’s", "whats"),
        ("what's", "whats"),
        ("gibt`s", "gibts"),
        ("„Le Mans“", "„le mans“"),
    ],
)
def test_fold_reduces_to_what_people_mean_alike(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_words_leave_out_punctuation_and_emoji() -> None:
    assert words("Wie viele Folgen?? 🏁 (6!)") == ["wie", "viele", "folgen", "6"]


def test_a_word_without_end_is_cut() -> None:
    assert words("a" * 100_000) == ["a" * MAX_WORD]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


def test_synonyms_stand_for_their_first_word_in_any_spelling() -> None:
    analyzer = Analyzer.build("german", [["Vorführung", "Vorpremiere"]])
    for written in ("die VORPREMIERE", "die Vorführung", "die vorfuhrung"):
        assert analyzer.telling(words(written)) == ["die", "vorfuhrung"]


def test_filler_is_left_out_unless_nothing_else_is_there() -> None:
    analyzer = Analyzer.build("german", filler=["eigentlich", "denn"])
    assert analyzer.telling(["wann", "eigentlich"]) == ["wann"]
    assert analyzer.telling(["eigentlich", "denn"]) == ["eigentlich", "denn"]


def test_a_stemmer_that_snowball_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        Analyzer.build("klingon")


def test_the_words_of_a_pack_are_known() -> None:
    analyzer = Analyzer.build("english", [["show", "series"]], ["hello"], {"shows": ["Breaking Bad"]})
    assert {"breaking", "bad", "show", "series", "hello"} == set(analyzer.known)
