"""What a message asks for, in a small world of two languages."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.faq import EntryKind
from bot.hearing import LanguagePack
from bot.interpreter import MAX_INTENTS, Interpreter
from bot.matcher import Matcher
from bot.text import Analyzer
from bot.tuned import Learning, Thresholds

# Of its own, so that tuning for the FAQ does not move these small worlds.
LEARNING = Learning(cost=1.0, positive=3.0, epochs=6, unknown=1.0, grams=1.0, common=2)

ENGLISH = {
    "hours": [
        "when do you open",
        "opening hours of the shop",
        "until when is the shop open",
        "is the shop open on sunday",
        "what time do you close",
    ],
    "bread": [
        "do you sell rye bread",
        "which bread do you bake",
        "what does a loaf of bread cost",
        "is there gluten free bread",
        "how much is it for a bread",
    ],
    "cake": [
        "can i order a cake",
        "birthday cake for ten people",
        "what does a cake cost",
        "which cakes do you have",
        "how much is the cake",
    ],
    "parking": ["where can i park", "is there a car park", "parking for bicycles", "may i leave my car here"],
    "hello": ["hello", "good morning", "hi there", "hey"],
    "thanks": ["thank you", "thanks a lot", "cheers", "that was kind"],
    "football": ["who won the match", "when does the football start", "how many goals did he score"],
    "trains": ["when does the train leave", "how much is a ticket to london", "where is the station"],
}
GERMAN = {
    "hours": [
        "wann macht ihr auf",
        "öffnungszeiten vom laden",
        "bis wann habt ihr offen",
        "wann schließt ihr",
    ],
    "bread": [
        "habt ihr roggenbrot",
        "was kostet ein brot",
        "welches brot backt ihr",
        "gibt es frisches brot",
    ],
    "cake": ["kann ich einen kuchen bestellen", "torte zum geburtstag", "was kostet ein kuchen"],
    "parking": ["wo kann ich parken", "gibt es einen parkplatz", "darf das auto hier stehen"],
    "hello": ["hallo", "guten morgen", "servus"],
    "thanks": ["danke", "vielen dank"],
    "football": ["wer hat das spiel gewonnen", "wann beginnt der fußball"],
    "trains": ["wann fährt der zug", "wo ist der bahnhof"],
}
KINDS: dict[str, EntryKind] = {
    **dict.fromkeys(("hours", "bread", "cake", "parking"), "answer"),
    **dict.fromkeys(("hello", "thanks"), "smalltalk"),
    **dict.fromkeys(("football", "trains"), "offtopic"),
}


def pack(
    utterances: dict[str, list[str]], analyzer: Analyzer | None = None, **words: frozenset[str]
) -> LanguagePack:
    pairs = [(entry, utterance) for entry, each in utterances.items() for utterance in each]
    return LanguagePack(Matcher(pairs, analyzer=analyzer, learning=LEARNING), KINDS, **words)


THRESHOLDS = Thresholds(floor=0.4, margin=0.1, clause_floor=0.5, context=1.0, elsewhere=2.0)
INTERPRETER = Interpreter(
    {
        "en": pack(
            ENGLISH,
            connectives=frozenset({"and", "but"}),
            subjects=frozenset({"bread", "cake", "shop"}),
            question_words=frozenset({"what", "when", "where", "how"}),
        ),
        "de": pack(GERMAN, connectives=frozenset({"und"})),
    },
    THRESHOLDS,
)


def heard(message: str, interpreter: Interpreter = INTERPRETER) -> tuple[str, list[str]]:
    found = interpreter.interpret(message)
    return found.outcome, [intent.entry for intent in found.intents]


@pytest.mark.parametrize(
    ("message", "entries"),
    [
        ("When do you open?", ["hours"]),
        ("hello, where can i park?", ["parking"]),  # a greeting before a question is not answered
        ("do you sell rye bread, thanks a lot", ["bread"]),
        ("when do you open and where can i park", ["hours", "parking"]),
        ("where can i park? when do you open?", ["parking", "hours"]),  # in the order asked
        ("when do you open and until when is the shop open", ["hours"]),  # each once
        ("when do you open? where can i park? what time do you close?", ["hours", "parking"]),
        ("1. when do you open 2. which bread do you bake 3. where can i park", ["hours", "bread", "parking"]),
        ("which cakes do you have and what do they cost", ["cake"]),  # "they" are the cakes
        ("when does the train leave and when do you open the shop", ["hours"]),
        ("my mother wonders what the price is, i mean how much is the cake", ["cake"]),
        ("hello", ["hello"]),
        ("thanks, cheers", ["thanks"]),
    ],
)
def test_a_message_is_answered(message: str, entries: list[str]) -> None:
    assert heard(message) == ("answer", entries)


def test_a_greeting_in_front_and_thanks_behind_are_not_heard() -> None:
    plain, polite = "until when do you open", "good morning! until when do you open. cheers!"
    assert INTERPRETER.interpret(polite).score == INTERPRETER.interpret(plain).score
    assert heard("good morning! cheers!") == ("answer", ["hello"])  # nothing but manners: they are answered


@pytest.mark.parametrize(
    ("message", "outcome", "entries"),
    [
        # Alone "how much is it" may be about bread or cake; after these words it is about neither.
        ("that match last night, how many goals, how much is it", "fallback", ["football"]),
        ("a birthday cake for ten people, how much is it", "answer", ["cake"]),
    ],
)
def test_a_clause_is_heard_in_the_context_of_the_message(
    message: str, outcome: str, entries: list[str]
) -> None:
    assert heard(message) == (outcome, entries)


def test_a_question_beside_another_stands_for_itself() -> None:
    """Even though the message as a whole is nearly all about the first."""
    assert heard("which cakes do you have for a birthday, can i order a cake? may i leave my car here?") == (
        "answer",
        ["cake", "parking"],
    )
    # However far apart they are.
    assert heard("first: do you sell rye bread? now to number two: may i leave my car here?") == (
        "answer",
        ["bread", "parking"],
    )


def test_what_is_told_beside_a_question_must_be_clearer() -> None:
    told = "my aunt likes the bread you bake"
    assert heard(told)[1] == ["bread"]
    assert heard(f"{told}. where can i park?") == ("answer", ["parking"])
    assert heard("do you sell rye bread. where can i park?") == ("answer", ["bread", "parking"])


def test_an_answer_beside_something_that_is_not_known_must_be_clearer() -> None:
    english = pack(ENGLISH, connectives=frozenset({"and"}), question_words=frozenset({"what", "where"}))
    unknown: dict[str, EntryKind] = {**KINDS, "parking": "unknown"}
    message = "where can i park and what is your favourite bread today"
    found = [
        heard(message, Interpreter({"en": replace(english, kinds=kinds)}, THRESHOLDS))
        for kinds in (KINDS, unknown)
    ]
    assert found == [("answer", ["parking", "bread"]), ("answer", ["parking"])]


def test_what_is_not_known_is_so_whatever_exactly_it_is() -> None:
    """No "did you mean" between two things that the bot knows nothing of."""
    question = "how much is the cake for a bread"
    english = pack(ENGLISH)
    unknown: dict[str, EntryKind] = {**KINDS, "bread": "unknown", "cake": "unknown"}
    outcomes = [
        heard(question, Interpreter({"en": replace(english, kinds=kinds)}, THRESHOLDS))[0]
        for kinds in (KINDS, unknown)
    ]
    assert outcomes == ["suggestion", "answer"]


@pytest.mark.parametrize(
    ("clause", "asks"),
    [
        ("where can i park", True),
        ("i wonder what a cake costs", True),
        ("wehre can i park", True),  # mended first
        ("is there bread", True),
        ("hello is there bread", True),  # filler does not open it
        ("the bread?", True),
        ("the bread", False),
        ("there is bread", False),
        ("", False),
    ],
)
def test_a_clause_asks_by_its_mark_its_question_word_or_its_opener(clause: str, asks: bool) -> None:
    english = pack(
        ENGLISH,
        analyzer=Analyzer(filler=frozenset({"hello"})),
        question_words=frozenset({"what", "where"}),
        openers=frozenset({"is"}),
    )
    assert english.asks(clause) is asks


def test_a_question_is_found_in_a_long_story() -> None:
    story = (
        "my aunt from leeds is coming, she is eighty and fussy, and she brings the dog, so we walked all "
        "day, then it rained, and now all are hungry. what does a loaf of bread cost? the dog eats it too"
    )
    assert heard(story) == ("answer", ["bread"])


def test_a_story_that_asks_for_nothing_is_not_answered() -> None:
    story = (
        "my neighbour plays the trumpet every night, the bins are full, nobody answers the telephone, my "
        "knee hurts, the council raised the rent again, and on top of it all it has been raining for days"
    )
    assert heard(story)[0] == "fallback"


@pytest.mark.parametrize("message", ["when does the football start", "how much is a ticket to london?"])
def test_what_is_none_of_its_business_is_turned_away_with_the_reason(message: str) -> None:
    found = INTERPRETER.interpret(message)
    assert found.outcome == "fallback"
    assert KINDS[found.intents[0].entry] == "offtopic"


@pytest.mark.parametrize("message", ["quibble zygote frobnicator", "?", ""])
def test_what_is_not_understood_is_not_answered(message: str) -> None:
    assert heard(message)[0] == "fallback"


def test_a_question_that_hangs_on_one_about_something_else_is_turned_away_with_it() -> None:
    assert heard("when does the football start, and until when is it open")[0] == "fallback"


def test_where_it_is_not_sure_the_bot_asks() -> None:
    found = INTERPRETER.interpret("what does a bread cake cost")
    assert found.outcome == "suggestion"
    assert [intent.entry for intent in found.intents] == ["cake", "bread"]


def test_nothing_is_asked_back_where_something_that_is_turned_away_fits_nearly_as_well() -> None:
    question = "what does a bread cake cost"
    english = pack(ENGLISH)
    away: dict[str, EntryKind] = {**KINDS, "bread": "offtopic"}
    outcomes = [
        heard(question, Interpreter({"en": replace(english, kinds=kinds)}, THRESHOLDS))[0]
        for kinds in (KINDS, away)
    ]
    assert outcomes == ["suggestion", "fallback"]


@pytest.mark.parametrize(
    ("message", "hint", "language"),
    [
        ("wann macht ihr auf", "en", "de"),
        ("what time do you open", "de", "en"),
        ("1234", "de", "de"),
        ("1234", "en", "en"),
    ],
)
def test_the_language_is_that_of_the_message_and_a_hint_breaks_ties(
    message: str, hint: str, language: str
) -> None:
    assert INTERPRETER.interpret(message, hint).language == language


def test_where_two_languages_are_as_likely_the_one_that_understands_more_is_spoken() -> None:
    packs = {
        "xx": pack({"hours": ["are we open by now"], "bread": ["rye bread"]}),
        "yy": pack({"hours": ["open"], "bread": ["rye bread"]}),
    }
    assert Interpreter(packs).interpret("open").language == "yy"
    assert Interpreter(packs).interpret("open", "xx").language == "xx"


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_interpreted(message: str) -> None:
    found = INTERPRETER.interpret(message)
    assert found.language in ("de", "en")
    assert len(found.intents) <= MAX_INTENTS
    assert 0 <= found.score <= 1
    assert (found.outcome == "fallback") or found.intents
