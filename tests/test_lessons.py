"""Which features utterances are learnt by."""

import numpy as np
import pytest

from bot.lessons import Lessons
from bot.table import keys_of


@pytest.mark.parametrize("spans", [[(0, 3)], [(0, 1), (1, 3)]])
def test_a_pair_of_words_that_one_utterance_alone_holds_is_left_out(spans: list[tuple[int, int]]) -> None:
    texts = ["red car", "red car fast", "blue car blue car"]
    said = [text.split() for text in texts]
    links = keys_of(word for text in said for word in text), np.cumsum([0, *map(len, said)])
    learnt = Lessons.of_words((links, links), spans)
    # Four words, and of the pairs: red in front, red car, car behind. "blue car" stands twice, but in one.
    assert len(learnt.table) == 7
    assert sorted(learnt.counts.tolist()) == [1, 1, 2, 2, 2, 2, 3]
    assert [lengths.tolist() for _, lengths in learnt.held] in ([[5, 5, 3]], [[5], [5, 3]])
