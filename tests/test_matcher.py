"""The matcher, on a small world of its own that has nothing to do with the bot's."""

import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import lessons, training
from bot.matcher import Matcher
from bot.model import Rows
from bot.text import Analyzer
from bot.tuned import Learning

WORLD = {
    "hours": [
        "when do you open",
        "what are your opening hours",
        "are you open on sunday",
        "until when is the shop open",
        "closing time today",
    ],
    "bread": [
        "do you sell rye bread",
        "which breads do you bake",
        "is there gluten free bread",
        "what does a loaf of bread cost",
        "fresh rolls every morning?",
    ],
    "parking": [
        "where can i park my car",
        "is there a car park nearby",
        "parking for bicycles",
        "how much is the parking",
        "can i leave my car here",
    ],
    "jobs": [
        "are you hiring bakers",
        "i am looking for a job",
        "do you take apprentices",
        "how do i apply for work",
        "vacancies for the night shift",
    ],
}
PAIRS = [(entry, utterance) for entry, utterances in WORLD.items() for utterance in utterances]
# Of its own, so that tuning for the FAQ does not move this small world.
LEARNING = Learning(cost=1.0, positive=3.0, epochs=6, unknown=1.0, grams=1.0, common=2)
MATCHER = Matcher(PAIRS, learning=LEARNING)


@pytest.mark.parametrize(("entry", "utterance"), PAIRS)
def test_an_utterance_is_matched_by_its_own_entry_with_the_full_score(entry: str, utterance: str) -> None:
    assert MATCHER.match(utterance)[0] == (entry, 1.0)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("what time do you open on saturday", "hours"),
        ("how much does rye bread cost", "bread"),
        ("may i park here", "parking"),
        ("do you have work for a baker", "jobs"),
        ("wehn do yuo opne", "hours"),
    ],
)
def test_other_words_for_the_same_thing_find_the_entry(question: str, entry: str) -> None:
    assert MATCHER.match(question)[0].id == entry


def test_what_is_learnt_of_one_name_in_a_lookup_list_holds_for_the_others() -> None:
    analyzer = Analyzer(lookups={("acme",): "rivals", ("globex",): "rivals"})
    pairs = [*PAIRS, ("elsewhere", "when does acme open"), ("elsewhere", "do acme sell rye bread")]
    matcher = Matcher(pairs, analyzer=analyzer, learning=LEARNING)
    assert matcher.match("when does globex open")[0].id == "elsewhere"
    assert Matcher(pairs, learning=LEARNING).match("when does globex open")[0].id == "hours"


def test_what_the_entries_do_not_explain_sinks_the_score() -> None:
    known = MATCHER.match("when do you open the shop")[0].score
    strange = MATCHER.match("when do frobnicators quibble the zygote")[0].score
    assert strange < 0.5 < known


def test_candidates_come_best_first_one_per_entry_with_scores_from_0_to_1() -> None:
    found = MATCHER.match("how much is the bread")
    assert sorted(candidate.id for candidate in found) == sorted(WORLD)
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@given(st.text(max_size=400))
@example("")
@example("?!")
@example("a" * 4096)
@example("\ud800")
@example("١٢٣ ²³ ½")
@settings(deadline=None)
def test_no_input_raises(text: str) -> None:
    assert all(0 <= candidate.score <= 1 for candidate in MATCHER.match(text))


@given(st.sampled_from(PAIRS), st.sampled_from([str.upper, str.title, lambda text: f"  {text} ?!? "]))
@settings(deadline=None)
def test_case_and_punctuation_change_nothing(pair: tuple[str, str], change: object) -> None:
    assert MATCHER.match(change(pair[1])) == MATCHER.match(pair[1])  # type: ignore[operator]


@given(st.sampled_from(PAIRS), st.data())
@settings(deadline=None)
def test_one_typo_in_a_word_of_five_letters_or_more_does_not_change_the_entry(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    entry, utterance = pair
    written = utterance.rstrip("?").split()
    long = [i for i, word in enumerate(written) if len(word) >= 5]
    if not long:
        return
    i = data.draw(st.sampled_from(long))
    at = data.draw(st.integers(1, len(written[i]) - 2))
    word = written[i]
    written[i] = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + "x" + word[at:],
            ]
        )
    )
    assert MATCHER.match(" ".join(written))[0].id == entry


def test_the_order_of_the_pairs_changes_nothing() -> None:
    shuffled = PAIRS[:]
    random.Random(1).shuffle(shuffled)
    other = Matcher(shuffled + shuffled[:3], learning=LEARNING)
    for question in ("how much", "open car", "bread for work"):
        assert other.match(question) == MATCHER.match(question)


def test_an_utterance_under_two_entries_belongs_to_neither_for_sure() -> None:
    matcher = Matcher([*PAIRS, ("bread", "how much is it"), ("parking", "how much is it")])
    first, second = matcher.match("how much is it")[:2]
    assert {first.id, second.id} == {"bread", "parking"}
    assert first.score < 1


def test_nothing_to_match_with_finds_nothing() -> None:
    assert Matcher([]).match("when do you open") == []


@pytest.mark.parametrize("cells", [training.MAX_CELLS, 0])
def test_utterances_without_a_word_teach_nothing(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MAX_CELLS", cells)
    silent = Matcher([("a", "?!"), ("b", "..."), ("b", "")])
    assert {candidate.id for candidate in silent.match("when do you open")} == {"a", "b"}
    assert silent.match("?!") == []
    mixed = Matcher([*PAIRS, ("hours", "?!"), ("silence", "...")])
    assert mixed.match("when do you open")[0] == ("hours", 1.0)


def test_a_single_entry_is_told_from_anything_else() -> None:
    matcher = Matcher([("hours", "when do you open"), ("hours", "opening hours")])
    assert matcher.match("opening hours please")[0].score > matcher.match("zebra crossing")[0].score


def test_too_many_to_learn_from_are_matched_by_their_means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MAX_CELLS", 0)
    matcher = Matcher(PAIRS)
    right = [matcher.match(utterance)[0] == (entry, 1.0) for entry, utterance in PAIRS]
    assert all(right)
    assert matcher.match("how much does rye bread cost")[0].id == "bread"
    assert matcher.match("zebra crossing quibble")[0].score < 0.5


def test_a_language_pack_joins_words_that_mean_the_same() -> None:
    pack = Analyzer.build("english", [["car", "vehicle", "automobile"]])
    assert Matcher(PAIRS, analyzer=pack).match("where to leave an automobile")[0].id == "parking"


def test_familiarity_tells_languages_apart() -> None:
    german = Matcher(
        [("a", "wann öffnet ihr morgens"), ("b", "habt ihr frisches brot"), ("c", "wo kann ich parken")]
    )
    for text in ("haben sie brötchen", "wann macht ihr zu"):
        assert german.familiarity(text) > MATCHER.familiarity(text)
    for text in ("do you have rolls", "what time do you close"):
        assert MATCHER.familiarity(text) > german.familiarity(text)


def test_training_separates_what_can_be_separated() -> None:
    features = np.array([[0, 2], [1, 2]], np.int32)
    values = np.array([[0.8, 0.6], [0.8, 0.6]], np.float32)
    rows = Rows(features.ravel(), values.ravel(), np.array([0, 2, 4]), np.array([0, 1], np.int32))
    model = training.train(lambda: [rows], 3, 2, cost=10, positive=1, epochs=50)
    for entry in (0, 1):
        (margins,) = model.margins(features[entry], values[entry], np.zeros(2, np.int64), 1)
        assert margins[entry] > 0.7
        assert margins[1 - entry] < -0.7


def test_utterances_are_learnt_alike_however_many_are_looked_at_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for cells in (training.MAX_CELLS, 0):
        monkeypatch.setattr(training, "MAX_CELLS", cells)
        found = []
        for span in (1, 7, 1000):
            monkeypatch.setattr(lessons, "SPAN", span)
            matcher = Matcher(PAIRS, learning=LEARNING)
            found.append([matcher.match(text) for text in ("how much is the bread", "open car", "zebra")])
        assert found[0] == found[1] == found[2]


def test_weights_that_most_entries_have_are_kept_in_full_and_count_alike() -> None:
    """The model beside its definition: a bias and a sum of weights times values, for each entry."""
    draw = np.random.default_rng(1)
    weights = np.where(draw.random((40, 9)) < np.linspace(0, 1, 40)[:, None], draw.random((40, 9)), 0)
    feature, entry = np.nonzero(weights)
    kept = training._Weights(np.bincount(feature, minlength=40).astype(np.int32), 9, 1.0)
    for some in (entry < 4, entry >= 4):  # as spans of entries come
        kept.add(feature[some], entry[some], weights[feature[some], entry[some]])
    model = kept.model(np.arange(9, dtype=np.float32))
    assert 0 < len(model.usual) < 40
    for n_texts in (1, 2, 5):
        held = draw.random((n_texts, 40)) < 0.2
        held[-1] = False
        text, features = np.nonzero(held)
        values = draw.random(len(features)).astype(np.float32)
        wanted = np.tile(np.arange(9.0), (n_texts, 1))
        for t, feature, value in zip(text, features, values, strict=True):
            wanted[t] += value * weights[feature]
        assert np.allclose(model.margins(features.astype(np.int32), values, text, n_texts), wanted, atol=1e-4)


@given(
    st.lists(st.sampled_from([*(utterance for _, utterance in PAIRS), "", "wehn", "zebra bread", "job car"]))
)
@settings(deadline=None)
def test_many_texts_at_once_are_matched_as_each_alone(texts: list[str]) -> None:
    for text, found in zip(texts, MATCHER.match_all(texts), strict=True):
        assert dict(found) == pytest.approx(dict(MATCHER.match(text)), abs=1e-6)


def test_the_very_words_of_an_utterance_are_recognised_once_they_are_mended() -> None:
    """Even where two utterances differ in nothing but filler."""
    analyzer = Analyzer(filler=frozenset({"is", "it", "the"}))
    matcher = Matcher([("asked", "is it the bread"), ("named", "the bread")], analyzer=analyzer)
    assert matcher.match("is it teh braed")[0] == ("asked", 1.0)
    assert matcher.match("teh braed")[0] == ("named", 1.0)
