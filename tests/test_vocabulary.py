"""The words that utterances use, and how often each is used, alone and beside which others."""

import pytest
from sentences import KNOWN, SENTENCES

from bot.table import STRANGE
from bot.vocabulary import NOTHING, Vocabulary


def test_words_are_numbered_from_the_rarest_to_the_most_used() -> None:
    assert sorted(KNOWN.words) == sorted({word for sentence in SENTENCES for word in sentence.split()})
    assert [KNOWN.number(word) for word in KNOWN.words] == list(range(len(KNOWN)))
    assert KNOWN.counts[KNOWN.number("is")] == 3
    assert sorted(KNOWN.counts) == KNOWN.counts.tolist()
    assert KNOWN.numbers(["is", "zebra", "wann"]).tolist() == [*map(KNOWN.number, ("is", "zebra", "wann"))]
    assert KNOWN.number("zebra") == KNOWN.number("") == STRANGE


@pytest.mark.parametrize(
    ("before", "after", "times"),
    [
        ("wann", "startet", 2),
        ("startet", "wann", 0),
        (NOTHING, "wann", 2),
        ("serie", NOTHING, 2),
        ("serie", "wann", 0),
        ("zebra", "is", 0),
        ("is", "zebra", 0),
    ],
)
def test_it_knows_how_often_two_words_stand_side_by_side(before: str, after: str, times: int) -> None:
    assert KNOWN.together([(KNOWN.place(before), KNOWN.place(after))]) == [times]


def test_no_texts_make_an_empty_vocabulary() -> None:
    assert (Vocabulary([]).words, "a" in Vocabulary([[]])) == ([], False)
