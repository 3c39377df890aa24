"""Loading the FAQ: what a sound one becomes, and what a curator is told of a broken one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import FaqError
from bot.faq import Archive, Comparison, Faq, Lead
from bot.loader import load_faq
from bot.phrases import COMMANDS, PHRASES

FACTS = """\
start_date: {value: 2017-06-09, source: "lead"}
race_date: {value: 2017-06-17, source: "paragraph 4"}
episodes: {value: 6, source: "paragraph 2"}
minutes_per_episode: {value: 26, source: "paragraph 2"}
teams: {value: [Porsche, Audi, Aston Martin], source: "paragraph 2"}
title: {value: "Le Mans: Racing is everything", source: "caption"}
"""

ENGLISH = (
    """\
name: English
stemmer: english
locale: en_GB
numbers: {one: 1, six: 6, sixth: 6}
synonyms:
  - [episode, part]
  - [series, show]
filler: [please]
phrases:
"""
    + "".join(
        f'  {name}: "Something *bold* on {{title}}."\n' for name in PHRASES if name != "unknown_command"
    )
    + """\
  unknown_command: "/{command}? /{nearest}!"
  episodes_count_one: "{count} episode"
commands:
"""
    + "".join(f'  {name}: {{names: [{name}], description: "About {name}"}}\n' for name in COMMANDS)
    + """\
entries:
  start:
    kind: answer
    label: "When does it start?"
    answer: |
      *On {start_date}*, a {start_date_weekday}.
      {Episodes_in_words} episodes, {runtime}.
    leads:
      - {mentions: ["{teams}", Ferrari], yes_no: true, say: "{mentioned}, {episodes_in_words}!"}
      - {clock: before_start, say: "Not yet."}
      - {clock: [race_day, after_race], number: {less: episodes, more: teams_count}, say: "{number} + {left}"}
    related: [price]
    questions:
      - "when does it start"
      - "start?"
  price:
    kind: unknown
    label: "What does it cost?"
    answer: "Who knows."
    related: [start]
    questions:
      - "what does it cost"
  hello:
    kind: smalltalk
    answer: "Hello!"
    questions:
      - "hi"
      - "hey 👋"
  bus:
    kind: offtopic
    questions:
      - "when does the bus leave"
"""
)

GERMAN = (
    ENGLISH.replace("English", "Deutsch")
    .replace("english", "german")
    .replace("en_GB", "de_DE")
    .replace("six: 6", "sechs: 6")
    .replace("names: [episodes]", "names: [folgen, teile]")
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a FAQ into a directory of its own, and says which."""

    def write(*, facts: str = FACTS, de: str = GERMAN, en: str = ENGLISH) -> Path:
        for name, text in {"facts": facts, "de": de, "en": en}.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path

    return write


def problems(directory: Path) -> list[str]:
    """What is wrong with a FAQ, as `<file>:<line>: ...` without the directory."""
    with pytest.raises(FaqError) as caught:
        load_faq(directory)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert all("\n" not in problem for problem in caught.value.problems)
    return [problem.removeprefix(f"{directory}/") for problem in caught.value.problems]


class TestASoundFaq:
    @pytest.fixture
    def faq(self, write: Write) -> Faq:
        return load_faq(write())

    def test_each_file_beside_the_facts_is_a_language(self, faq: Faq) -> None:
        assert list(faq.languages) == ["de", "en"]
        assert faq.languages["de"].code == "de"
        assert faq.languages["de"].name == "Deutsch"
        assert faq.languages["de"].stemmer == "german"

    def test_facts_keep_their_types_and_what_follows_from_them_is_computed(self, faq: Faq) -> None:
        assert faq.facts["start_date"] == date(2017, 6, 9)
        assert faq.facts["teams"] == ("Porsche", "Audi", "Aston Martin")
        assert faq.facts["runtime_minutes"] == 156
        assert faq.facts["days_between"] == 8
        assert faq.facts["teams_count"] == 3
        assert faq.facts["race_date_year"] == 2017
        assert faq.sources["episodes"] == "paragraph 2"

    def test_each_language_says_the_facts_in_its_own_words(self, faq: Faq) -> None:
        assert faq.languages["en"].entries["start"].answer == (
            "*On 9 June 2017*, a Friday.\nSix episodes, 2 hours and 36 minutes."
        )
        assert faq.languages["de"].entries["start"].answer == (
            "*On 9. Juni 2017*, a Freitag.\nSechs episodes, 2 Stunden und 36 Minuten."
        )
        assert faq.languages["de"].spoken["teams"] == "Porsche, Audi und Aston Martin"

    def test_leads_become_conditions_and_lists_of_facts_are_spread_out(self, faq: Faq) -> None:
        assert faq.languages["en"].entries["start"].leads == (
            Lead("{mentioned}, six!", ("Porsche", "Audi", "Aston Martin", "Ferrari"), True),
            Lead("Not yet.", clock=("before_start",)),
            Lead(
                "{number} + {left}",
                clock=("race_day", "after_race"),
                number=(Comparison("less", 6), Comparison("more", 3)),
            ),
        )

    @pytest.mark.parametrize(("how", "holds"), [("equals", [6]), ("less", [4, 5]), ("more", [7])])
    def test_a_comparison_holds_for_the_numbers_it_says(self, how: str, holds: list[int]) -> None:
        comparison = Comparison(how, 6)  # type: ignore[arg-type]
        assert [number for number in range(4, 8) if comparison.holds(number)] == holds

    def test_what_is_known_only_when_a_phrase_is_said_stays_in_it(self, faq: Faq) -> None:
        phrases = faq.languages["en"].phrases
        assert phrases["fallback"] == "Something *bold* on Le Mans: Racing is everything."
        assert phrases["unknown_command"].format(command="hlep", nearest="help") == "/hlep? /help!"
        assert phrases["episodes_count_one"].format(count=1) == "1 episode"

    def test_a_field_of_a_phrase_goes_before_a_fact_of_the_same_name(self, write: Write) -> None:
        text = ENGLISH.replace('episodes_head: "Something', 'episodes_head: "{episodes} of {title} ')
        phrases = load_faq(write(en=text)).languages["en"].phrases
        assert phrases["episodes_head"].startswith("{episodes} of Le Mans: Racing is everything ")

    def test_help_can_list_the_commands_by_their_names_in_the_language(self, write: Write) -> None:
        text = GERMAN.replace('help: "Something', 'help: "{commands} Something')
        faq = load_faq(write(de=text))
        assert "\n/folgen – About episodes\n" in faq.languages["de"].phrases["help"]

    def test_a_command_goes_by_its_id_as_well(self, faq: Faq) -> None:
        assert faq.languages["de"].commands["episodes"].names == ("folgen", "teile", "episodes")
        assert faq.languages["en"].commands["episodes"].names == ("episodes",)

    def test_entries_without_answer_or_label_have_empty_ones(self, faq: Faq) -> None:
        entries = faq.languages["en"].entries
        assert (entries["bus"].answer, entries["bus"].label) == ("", "")
        assert entries["hello"].label == ""
        assert faq.languages["en"].phrasings["start"] == ("when does it start", "start?")

    def test_an_archive_gives_back_the_lists_that_went_in(self) -> None:
        lists = {"a": ("wann?", "", "où\n"), "none": (), "blank": ("",)}
        assert Archive(lists) == lists
        assert list(Archive(lists)) == list(lists)

    def test_nothing_of_it_can_be_changed(self, faq: Faq) -> None:
        assert isinstance(faq.languages, MappingProxyType)
        assert isinstance(faq.facts, MappingProxyType)
        language = faq.languages["en"]
        for mapping in (language.entries, language.phrases, language.commands, language.numbers):
            assert isinstance(mapping, MappingProxyType)
        with pytest.raises(dataclasses.FrozenInstanceError):
            language.entries["start"].answer = "x"  # type: ignore[misc]

    def test_a_new_language_is_one_new_file(self, write: Write) -> None:
        directory = write()
        french = ENGLISH.replace("english", "french").replace("en_GB", "fr_FR")
        french = french.replace("names: [episodes]", "names: [episodes, suite]")
        (directory / "fr.yaml").write_text(french, "utf-8")
        answer = load_faq(directory).languages["fr"].entries["start"].answer
        assert answer.startswith("*On 9 juin 2017*, a vendredi.")


class TestNames:
    NAMES = "towns: [leeds, new york]\nteas: [earl grey]\n"

    def test_names_of_all_languages_join_the_lists_of_each(self, write: Write) -> None:
        directory = write(en=ENGLISH.replace("phrases:\n", "lookups:\n  towns: [the smoke]\nphrases:\n", 1))
        (directory / "names.yaml").write_text(self.NAMES, "utf-8")
        faq = load_faq(directory)
        assert faq.languages["en"].lookups == {
            "towns": ("leeds", "new york", "the smoke"),
            "teas": ("earl grey",),
        }
        assert faq.languages["de"].lookups == {"towns": ("leeds", "new york"), "teas": ("earl grey",)}

    def test_a_name_of_all_languages_must_not_stand_in_another_list_of_one(self, write: Write) -> None:
        directory = write(en=ENGLISH.replace("phrases:\n", "lookups:\n  kings: [Leeds]\nphrases:\n", 1))
        (directory / "names.yaml").write_text(self.NAMES, "utf-8")
        line = (directory / "en.yaml").read_text("utf-8").splitlines().index("  kings: [Leeds]") + 1
        assert problems(directory) == [
            f"en.yaml:{line}: Leeds: stands in the list towns too, and only one of them counts; delete one"
        ]

    def test_what_is_wrong_with_names_is_told(self, write: Write) -> None:
        directory = write()
        (directory / "names.yaml").write_text("towns: leeds\n", "utf-8")
        assert problems(directory) == [
            "names.yaml:1: leeds: is no list; write each item in a line of its own, after '- '"
        ]


def change(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    # name: file, what stands there, what is written instead, what stands in the line of the problem, message
    "no language code": (
        "en", "stemmer: english", "stemmer: klingon", "stemmer: klingon",
        "klingon: is no snowball algorithm",
    ),
    "no locale": ("en", "locale: en_GB", "locale: xx_YY", "locale:", "xx_YY: is no locale"),
    "stemmer near": ("en", "stemmer: english", "stemmer: englisch", "stemmer:", "did you mean english?"),
    "unknown key": (
        "de", "filler:", "fillers:", "fillers:",
        "fillers: is no key here, so nothing reads it; did you",
    ),
    "missing key": (
        "de", "name: Deutsch\n", "", "stemmer: german",
        "name: is missing, and no language can do",
    ),
    "unknown key in entry": (
        "en", "    related: [start]", "    related_to: [start]", "related_to:",
        "related_to: is no key here, so nothing reads it; did you mean related?",
    ),
    "unknown key in lead": (
        "en", "yes_no: true", "yes: true", "yes: true",
        'yes: is no text to YAML; write "yes":',
    ),
    "unknown condition": ("en", "{clock: before", "{clocks: before", "{clocks", "clocks: is no key here"),
    "duplicate entry": (
        "en", "  price:\n", "  start:\n    kind: answer\n  price:\n", "  start:\n    kind: answer\n  price",
        "start: stands twice (first in line",
    ),
    "kind": (
        "en", "kind: unknown", "kind: unkown", "kind: unkown",
        "unkown: is not 'answer', 'unknown', 'small",
    ),
    "text expected": ("de", '"start?"', "2017", "- 2017", "2017: is no text to YAML but a number"),
    "colon": (
        "de", '"start?"', "wann: start", "wann: start",
        "a colon made this a mapping where text belongs",
    ),
    "no text": ("de", '"hi"', "no", "- no", 'no: is true or false to YAML; write "no"'),
    "empty question": ("de", '"hi"', '"  "', '- "  "', "must be one line, neither blank"),
    "no questions": (
        "de", '\n      - "hi"\n      - "hey 👋"', " []", "questions: []",
        "questions: needs at least 1 in its list",
    ),
    "questions without dash": (
        "de", '\n      - "hi"\n      - "hey 👋"', ' "hi"', 'questions: "hi"',
        "hi: is no list; write each item in a line",
    ),
    "control character": ("de", '"hi"', '"h\\ai"', '"h\\ai"', "must be one line, neither blank"),
    "control character in answer": (
        "de", '"Hello!"', '"He\\0llo"', '"He\\0llo"',
        "holds a control character",
    ),
    "label too long": (
        "en", "When does it start?", "When does it start, I would like to know?", 'label: "When',
        "is longer than 34 characters, so it would be cut off; shorten it by 7",
    ),
    "no label": (
        "en", '    label: "What does it cost?"\n', "", "  price:",
        "price: has no label, and an entry of kind",
    ),
    "no answer": ("en", '    answer: "Who knows."\n', "", "  price:", "price: has no answer"),
    "offtopic with label": (
        "en", "kind: offtopic\n", 'kind: offtopic\n    label: "Bus?"\n', 'label: "Bus?"',
        'bus: is of kind "offtopic", and nobody would see its label',
    ),
    "unknown fact": (
        "en", "{runtime}.", "{run_time}.", "{run_time}",
        "{run_time}: is no fact and nothing known when this is said; did you mean runtime?",
    ),
    "half a brace": ("en", "{runtime}.", "runtime}.", "runtime}.", "}: is half a pair of braces"),
    "star": (
        "en", "*On {start_date}*", "*On {start_date}", "*On {start",
        "holds a * that nothing closes",
    ),
    "field of another phrase": (
        "en", 'stale_button: "Something', 'stale_button: "{nearest}', "stale_button",
        "{nearest}: is no fact and noth",
    ),
    "field without condition": (
        "en", 'say: "Not yet."', 'say: "{mentioned}"', '{mentioned}"}',
        "{mentioned}: is no fact and nothing known",
    ),
    "lead without condition": (
        "en", "clock: before_start, say", "say", '- {say: "Not',
        "Not yet.: has no condition, so it is said always",
    ),
    "clock": (
        "en", "clock: before_start", "clock: before", "clock: before",
        "before: is not 'before_start', 'start_d",
    ),
    "number of no fact": (
        "en", "less: episodes", "less: episode", "less: episode",
        "episode: is no fact that is a number; did you mean",
    ),
    "number of a text": (
        "en", "less: episodes", "less: title", "less: title",
        "title: is no fact that is a number",
    ),
    "comparison": (
        "en", "less: episodes", "fewer: episodes", "fewer",
        "fewer: is not 'equals', 'less' or 'more'",
    ),
    "yes or no": ("en", "yes_no: true", 'yes_no: "true"', "yes_no", "true: is neither true nor false"),
    "related to nothing": (
        "en", "related: [start]", "related: [stat]", "related: [stat]",
        "stat: does not exist, so its button would lead nowhere; did you mean start?",
    ),
    "related to itself": (
        "en", "related: [start]", "related: [ price ]", "related: [ p",
        "price: is related to it",
    ),
    "related to small talk": (
        "en", "related: [start]", "related: [hello]", "related: [hello]",
        "hello: has no label",
    ),
    "related twice": (
        "en", "related: [start]", "related: [start, start]", "related: [start, start]",
        "start: stands twice in rel",
    ),
    "same question": (
        "en", '"what does it cost"', '"WHEN  does it, start?!"', '"WHEN',
        "WHEN does it, start?!: belongs to start too (line",
    ),
    "phrase missing": (
        "de", '  slow_down: "Something *bold* on {title}."\n', "", "phrases:",
        "slow_down: is missing in phrases, so the bot would be speechless in Deutsch; add it",
    ),
    "phrase unknown": (
        "de", "  slow_down:", "  slow_dwon:", "  slow_dwon:",
        "slow_dwon: is said nowhere; did you mean slow_down?",
    ),
    "phrase empty": (
        "de", 'slow_down: "Something *bold* on {title}."', 'slow_down: ""', "slow_down",
        "slow_down: is empty",
    ),
    "phrase too long for its place": (
        "de", 'short_description: "Something', f'short_description: "{"x" * 100} Something', "short_descr",
        "is longer than the 120 characters that Telegram takes here; shorten it",
    ),
    "command missing": (
        "de", '  cast: {names: [cast], description: "About cast"}\n', "", "commands:",
        "cast: is missing in commands",
    ),
    "command unknown": (
        "de", "  cast: {", "  crew: {", "  crew: {",
        "crew: is no command of the bot; there are",
    ),
    "command twice": (
        "de", "names: [cast]", "names: [ help ]", "names: [ help",
        "help: is already a name of /help, so it would be",
    ),
    "command name": (
        "de", "names: [cast]", "names: [Wer-ist-dabei]", "names: [Wer",
        "Wer-ist-dabei: is no name for a command",
    ),
    "command clashes with another language": (
        "en", "names: [cast]", "names: [cast, folgen]", "names: [cast, folgen]",
        "folgen: means /episodes in",
    ),
    "synonym twice": (
        "en", "[series, show]", "[series, part]", "[series, part]",
        "part: is a synonym in line 6 too",
    ),
    "synonym of two words": (
        "en", "show]", "tv show]", "tv show]",
        "tv show: is not a single word, so it is never",
    ),
    "name in two lists": (
        "en", "phrases:\n", "lookups:\n  towns: [leeds]\n  teas:\n    - Leeds\nphrases:\n", "- Leeds",
        "Leeds: stands in the list towns too, and only one of them counts; delete one",
    ),
    "name without a word": (
        "en", "phrases:\n", "lookups:\n  towns: [\"?!\"]\nphrases:\n", "towns:",
        "?!: holds no word, so it is never found in a question; delete it",
    ),
    "question without a word": (
        "en", '      - "start?"', '      - "?!"', '- "?!"',
        "?!: holds no word, so nothing is learnt from it; delete it",
    ),
    "list of no names": (
        "en", "phrases:\n", "lookups:\n  towns: []\nphrases:\n", "towns:", "needs at least 1 in its list",
    ),
    "synonym alone": ("en", "[series, show]", "[series]", "[series]", "needs at least 2 in its list"),
    "number word": ("en", "one: 1", "one: uno", "one: uno", "uno: is no whole number from 0 to 100000"),
    "entry in one language": (
        "en", "  price:\n", "  prise:\n", "  prise:\n",
        "prise: stands here and not in",
    ),
    "kinds differ": (
        "en", "kind: unknown", "kind: answer", 'kind: answer\n    label: "What',
        'price: is of kind "ans',
    ),
    "id": ("en", "  price:\n", "  Price!:\n", "  Price!:", "Price!: is no name for this; use small letters"),
    "fact missing": (
        "facts", 'episodes: {value: 6, source: "paragraph 2"}\n', "", "start_date",
        "episodes: is missing, so there is",
    ),
    "fact as text": (
        "facts", "value: 2017-06-09", 'value: "2017-06-09"', "start_date",
        "start_date: cannot be reckoned with; write a date such as 2017-06-09, without quotes",
    ),
    "fact negative": ("facts", "value: 26", "value: -26", "value: -26", "-26: is no figure from 0 to 100000"),
    "fact zero": (
        "facts", "value: 26", "value: 0", "value: 0",
        "minutes_per_episode: is 0, so there is no series",
    ),
    "fact decimal": ("facts", "value: 26", "value: 26.5", "value: 26.5", "26.5: is no fact that can be said"),
    "fact without source": (
        "facts", 'value: 6, source: "paragraph 2"', "value: 6", "episodes",
        "source: is missing",
    ),
    "fact with brace": ("facts", "[Porsche,", '["{Porsche",', '["{Por', "teams: is blank or holds {, }"),
    "race before start": (
        "facts", "2017-06-17", "2017-06-01", "race_date",
        "2017-06-01: is not after the start, 2017-06-09",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_told_with_file_line_value_and_remedy(name: str, write: Write) -> None:
    file, old, new, there, message = BROKEN[name]
    texts = {"facts": FACTS, "de": GERMAN, "en": ENGLISH}
    texts[file] = change(texts[file], old, new)
    line = texts[file][: texts[file].index(there)].count("\n") + 1
    if there.startswith("\n"):
        line += 1
    found = problems(write(**texts))
    assert any(message in problem for problem in found), found
    told = next(problem for problem in found if message in problem)
    assert told.startswith(f"{file}.yaml:{line}: "), told
    assert told.count("; ") or told.endswith("?"), "no remedy"
    assert len(told) < 240


def test_all_problems_of_all_files_are_told_at_once(write: Write) -> None:
    found = problems(
        write(
            facts=change(FACTS, "value: 26", "value: 26.5"),
            de=change(change(GERMAN, "kind: unknown", "kind: unkown"), '"hi"', "no"),
            en=change(ENGLISH, "related: [start]", "related: [stat, price]") + "  - broken",
        )
    )
    assert [problem.split(":")[0] for problem in found] == ["facts.yaml", "de.yaml", "de.yaml", "en.yaml"]


def test_what_is_wrong_in_one_entry_hides_nothing_of_the_others(write: Write) -> None:
    text = change(ENGLISH, "kind: unknown", "kind: unkown")
    text = change(
        text, "kind: offtopic\n    questions:\n", 'kind: offtopic\n    questions:\n      - "start"\n'
    )
    found = problems(write(en=change(text, "{runtime}", "{run}")))
    assert len(found) == 3
    assert "{run}" in found[0]
    assert "unkown" in found[1]
    assert "belongs to start too" in found[2]


def test_a_broken_fact_is_told_once_and_not_again_in_every_text_that_names_it(write: Write) -> None:
    assert len(problems(write(facts=change(FACTS, "value: 26,", "value: no,")))) == 1


def test_a_syntax_error_is_one_problem_of_its_file(write: Write) -> None:
    [found] = problems(write(en=change(ENGLISH, 'answer: "Hello!"', 'answer: "Hello!')))
    line = ENGLISH[: ENGLISH.index('answer: "Hello!')].count("\n") + 1
    assert found.startswith(f'en.yaml:{line}: answer: "Hello!: ')


def test_an_unnamed_locale_is_told(write: Write) -> None:
    directory = write()
    (directory / "xq.yaml").write_text(ENGLISH, "utf-8")
    [found] = problems(directory)
    assert found.startswith("xq.yaml:1: xq: is no language code")


def test_a_file_that_ends_in_yml_is_not_passed_over_in_silence(write: Write) -> None:
    directory = write()
    (directory / "fr.yml").write_text(ENGLISH, "utf-8")
    assert problems(directory) == ["fr.yml:1: fr.yml: is not read; name it .yaml"]


def test_an_empty_directory_lacks_facts_and_languages(tmp_path: Path) -> None:
    first, second = problems(tmp_path)
    assert first.startswith("facts.yaml:1: facts.yaml: cannot be read")
    assert "holds no language" in second


def test_a_directory_that_does_not_exist_is_named(tmp_path: Path) -> None:
    [found] = problems(tmp_path / "nowhere")
    assert found.endswith(
        "nowhere: is no directory, so there is no FAQ; set FAQ_DIR to the one that holds it"
    )


def test_the_names_of_three_entries_must_fit_into_a_button(write: Write) -> None:
    fits, long = "a" * 17, "a" * 20
    entry = "  {}:\n    kind: offtopic\n    questions: [{}]\n"
    found = problems(write(en=ENGLISH + entry.format(fits, "x") + entry.format(long, "y")))
    assert any(
        f"{long}: is a name of 20 characters, and a button holds 3 of 17; shorten it by 3" in one
        for one in found
    )
    assert not any(f" {fits}: is a name" in one for one in found)


def test_an_answer_must_fit_into_a_message_together_with_its_longest_lead(write: Write) -> None:
    found = problems(write(en=change(ENGLISH, "Who knows.", "😀" * 2048)))
    assert (
        "price: has an answer of 4096 characters with its longest lead, and Telegram takes 4096" in found[0]
    )


def test_paths_are_shown_from_where_one_is(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write(de=change(GERMAN, '"hi"', "no"))
    monkeypatch.chdir(directory.parent)
    with pytest.raises(FaqError) as caught:
        load_faq(directory)
    assert caught.value.problems[0].startswith(f"{directory.name}/de.yaml:")


nasty = st.sampled_from(
    [*"\n\t\x00\u2028ä� :#-*|>!%'\"{}[]", "", ": ", "- ", "? ", "&a ", "*a", "no", "null", "12:30", "1e9"]
) | st.sampled_from(["{x}", "  ", "\n  x: y\n", "- - - ", "...", "---\n"])
edit = st.tuples(st.floats(0, 1), st.integers(0, 30), nasty)


def mutated(text: str, edits: list[tuple[float, int, str]]) -> str:
    for where, length, new in edits:
        at = int(where * len(text))
        text = text[:at] + new + text[at + length :]
    return text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.sampled_from(["facts", "de", "en"]), st.lists(edit, min_size=1, max_size=4))
def test_whatever_is_done_to_the_files_they_load_or_the_curator_is_told(
    write: Write, file: str, edits: list[tuple[float, int, str]]
) -> None:
    texts = {"facts": FACTS, "de": GERMAN, "en": ENGLISH}
    texts[file] = mutated(texts[file], edits)
    directory = write(**texts)
    try:
        load_faq(directory)
    except FaqError:
        for problem in problems(directory):
            assert re.match(r"(facts|de|en)\.yaml:[1-9]\d*: .*[;?]", problem)
