"""What a word that nobody foresaw may have been meant to be."""

import pytest
from sentences import KNOWN

from bot.spelling import Speller
from bot.tuned import Spelling
from bot.vocabulary import Vocabulary

# Of its own, so that tuning for the FAQ does not move this small world.
SPELLING = Spelling(usual=0.5, slip=8.0, floor=-3.0)
SPELLER = Speller(KNOWN, SPELLING)


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
    assert SPELLER.resolve(typed) == meant


@pytest.mark.parametrize("typed", ["xy", "cat", "bosch", "2018", "q" * 40, "zqxj"])
def test_a_word_that_is_near_nothing_stays_unknown(typed: str) -> None:
    assert SPELLER.resolve(typed) == ()


def test_the_neighbours_of_a_word_tell_what_it_was_meant_to_be() -> None:
    sentences = ["how long is it", "where is the login", "the login fails"] * 9
    known = Speller(Vocabulary(map(str.split, sentences)), SPELLING)
    assert known.resolve("logn", "how", "is") == ("long",)
    assert known.resolve("logn", "the", "fails") == ("login",)


def test_a_short_word_is_mended_only_where_its_neighbours_speak_for_it() -> None:
    known = Speller(Vocabulary([["is", "the", "cat", "in"], ["how", "is", "it"]]), SPELLING)
    assert known.resolve("cax", "the", "in") == ("cat",)
    assert known.resolve("cax", "how", "it") == ()


def test_a_rare_word_two_slips_away_is_a_guess() -> None:
    words = [["the", "teacher", "sleeps"], *[["a", "quiet", "day", "at", "home", "again"]] * 3000]
    known = Speller(Vocabulary(words), SPELLING)
    assert known.resolve("teaxhxr", "our", "dances") == ()
    assert known.resolve("teaxher", "the", "sleeps") == ("teacher",)


def test_the_commoner_of_two_words_equally_near_is_meant() -> None:
    known = Speller(Vocabulary([["race"], ["race"], ["rage"]]), SPELLING)
    assert known.resolve("rave") == ("race",)


def test_letters_are_swapped_sooner_than_changed() -> None:
    known = Speller(Vocabulary([["their"], ["thief"], ["thief"]]), SPELLING)
    assert known.resolve("thier") == ("their",)


def test_a_word_that_was_split_is_joined_before_its_parts_are_mended() -> None:
    known = Speller(Vocabulary([["wieso", "weissach"], ["weiss", "das"], ["sach", "mal"]]), SPELLING)
    assert known.mend(("wieso", "weis", "sach")) == ("wieso", "weissach")
    assert known.mend(("wieso", "wei", "ss", "ach")) == ("wieso", "weissach")


def test_without_words_none_is_mended() -> None:
    assert Speller(Vocabulary([])).resolve("seriee") == ()
