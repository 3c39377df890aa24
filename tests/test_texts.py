"""Texts as numbers of words."""

import numpy as np

from bot.table import sequence_keys
from bot.texts import Texts

WORDS = ["a", "b", "c"]
WRITTEN = [["b", "a", "b"], [], ["c"], ["a", "b", "b"], ["b", "a", "b"]]
TEXTS = Texts.of(WRITTEN, {word: i for i, word in enumerate(WORDS)})


def test_they_can_be_spelt_again() -> None:
    assert list(TEXTS.spelt(WORDS)) == WRITTEN
    assert len(TEXTS) == len(WRITTEN)


def test_a_word_is_counted_once_for_each_text_that_holds_it() -> None:
    assert TEXTS.holders(4).tolist() == [3, 3, 1, 0]
    assert Texts.of([], {}).holders(0).tolist() == []


def test_only_the_same_words_in_the_same_order_have_the_same_key() -> None:
    keys = TEXTS.keys()
    assert keys[0] == keys[4]
    assert len(np.unique(keys)) == 4
    assert [sequence_keys(map(WORDS.index, text))[-1:] or [0] for text in WRITTEN] == [[key] for key in keys]
    assert sequence_keys([1, 0])[0] == sequence_keys([1])[0]
