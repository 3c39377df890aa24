"""Names that stand in lists are found in a text."""

import numpy as np
import pytest

from bot.lookups import Lookups
from bot.table import STRANGE
from bot.text import Analyzer
from bot.vocabulary import Vocabulary

ANALYZER = Analyzer.build(
    "english",
    synonyms=[["show", "series"]],
    filler=["hello"],
    lookups={"shows": ["Breaking Bad", "the 100", "Bad Series"], "towns": ["Leeds", "Leeds Castle"]},
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is breaking bad on", [("breaking bad", "shows")]),
        ("breaking leeds", [("leeds", "towns")]),
        ("leeds castle leeds", [("leeds castle", "towns"), ("leeds", "towns")]),  # the longest
        ("a bad show", [("bad show", "shows")]),  # by its synonym
        ("breaking bad show", [("breaking bad", "shows")]),  # the first of two that overlap
        ("leeds zebra", [("leeds", "towns")]),
        ("castle the", []),
        ("", []),
    ],
)
def test_names_in_lookup_lists_are_found(text: str, names: list[tuple[str, str]]) -> None:
    words = text.split()
    vocabulary = Vocabulary([["is", "on", "a", "show"], ANALYZER.known])
    lookups = Lookups(ANALYZER.lookups, vocabulary)
    found = lookups.find(vocabulary.numbers(words), np.array([0, len(words)]))
    assert [(" ".join(words[first:end]), lookups.lists[at]) for first, end, at in found.tolist()] == names


def test_no_name_goes_beyond_its_text() -> None:
    words = ["leeds", "castle", "breaking", "bad"]
    vocabulary = Vocabulary([ANALYZER.known])
    lookups = Lookups(ANALYZER.lookups, vocabulary)
    found = lookups.find(vocabulary.numbers(words), np.array([0, 1, 1, 4]))
    assert [(first, end) for first, end, _ in found.tolist()] == [(0, 1), (2, 4)]


def test_without_lists_nothing_is_found() -> None:
    assert Lookups({}, Vocabulary([])).find(np.array([STRANGE]), np.array([0, 1])).tolist() == []
