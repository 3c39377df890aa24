"""What a word that nobody foresaw may have been meant to be."""

import pytest

from bot.vocabulary import Vocabulary

KNOWN = Vocabulary(
    sentence.split()
    for sentence in (
        "wann startet die serie",
        "wann startet das rennen",
        "wie lang ist eine folge",
        "wie lange dauert die serie",
        "before the race can finish",
        "where is it",
        "when is it",
        "is it fur kids",
        "laufzeit pro folge",
    )
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("srie", ("serie",)),  # a letter missing
        ("seriee", ("serie",)),  # one too many
        ("wabn", ("wann",)),  # the neighbour on the keyboard
        ("fogle", ("folge",)),  # two swapped
        ("teh", ("the",)),
        ("wher", ("where",)),  # not `when`, which is as near
        ("fuer", ("fur",)),  # an umlaut spelt out
        ("serienlaufzeit", ("serie", "laufzeit")),  # a compound
        ("isit", ("is", "it")),  # run together
        ("lafzait", ("laufzeit",)),  # two slips in a long word
        ("bfr", ("before",)),  # no vowels
    ],
)
def test_a_misspelt_word_is_resolved(typed: str, meant: tuple[str, ...]) -> None:
    assert KNOWN.resolve(typed) == meant


@pytest.mark.parametrize("typed", ["xy", "cat", "bosch", "2018", "q" * 40, "zqxj"])
def test_a_word_that_is_near_nothing_stays_unknown(typed: str) -> None:
    assert KNOWN.resolve(typed) == ()


def test_the_commoner_of_two_words_equally_near_is_meant() -> None:
    known = Vocabulary([["race"], ["race"], ["rage"]])
    assert known.resolve("rave") == ("race",)
