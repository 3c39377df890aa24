"""The FAQ that ships: it loads, says what the article says, and nothing else."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest
import yaml

from bot.faq import Entry, Faq, Language
from bot.loader import load_faq
from bot.reply import BOLD
from bot.text import words

DIRECTORY = Path(__file__).parent.parent / "faq"

FAQ = load_faq(DIRECTORY)
LANGUAGES = pytest.mark.parametrize("language", FAQ.languages.values(), ids=list(FAQ.languages))

ENTRIES = [(language, entry) for language in FAQ.languages.values() for entry in language.entries.values()]
SPEAKING = [(language, entry) for language, entry in ENTRIES if entry.answer]


def each(pairs: list[tuple[Language, Entry]]) -> pytest.MarkDecorator:
    ids = [f"{language.code}-{entry.id}" for language, entry in pairs]
    return pytest.mark.parametrize(("language", "entry"), pairs, ids=ids)


MUST_SAY: Mapping[str, tuple[str, str]] = {
    # entry: what every answer to it holds in German and in English, as regular expressions joined by " & "
    "start": ("9. Juni 2017 & Amazon Prime", "9 June 2017 & Amazon Prime"),
    "episodes": ("sechs Folgen", "six episodes"),
    "length": ("26 Minuten", "26 minutes"),
    "runtime": ("2 Stunden und 36 Minuten & 156 Minuten", "2 hours and 36 minutes & 156 minutes"),
    "cast": ("Mark Webber & Porsche & Audi & Nissan & Toyota & Aston Martin & Rebellion",) * 2,
    "webber": (
        "Mark Webber & ehemaliger Formel-1-Pilot & Vorbereitung",
        "Mark Webber & former Formula 1 driver & preparing",
    ),
    "teams": ("Porsche & Audi & Nissan & Toyota & Aston Martin & Rebellion",) * 2,
    "porsche": (
        "entscheidend & erste Folge & Weissach & Porsche Museum in Stuttgart",
        "matter most & episode one & Weissach & Porsche Museum in Stuttgart",
    ),
    "platform": ("Amazon Prime", "Amazon Prime"),
    "about": ("hinter die Kulissen & Le Mans", "behind the scenes & Le Mans"),
    "beyond_race": (
        "Emotionen & schlaflose Nächte & Perfektion.* Detail",
        "emotions & sleepless nights & perfection.* detail",
    ),
    "genre": ("Doku & Mini-Serie", "documentary & mini-series"),
    "title": ("Le Mans: Racing is everything", "Le Mans: Racing is everything"),
    "audience": ("Auto- und Motorsportfans", "car and motor racing fans"),
    "promise": ("Amazon & noch nie & 24 Stunden", "Amazon & never-before-seen & 24 hours"),
    "first_episode": (
        "Weissach & Rennauto & testen & Daten & Ideen & Mark Webber",
        "Weissach & race car & testing & data & ideas & Mark Webber",
    ),
    "weissach": ("Weissach & Porsche & getestet", "Weissach & Porsche & tested"),
    "preview": (
        "Porsche Museum in Stuttgart & drei Wochen & erste Folge & ausgewähltes Publikum",
        "Porsche Museum in Stuttgart & three weeks & first episode & invited",
    ),
    "race_date": ("17. Juni 2017", "17 June 2017"),
    "race_length": ("24 Stunden", "24 hours"),
    "race_what": (
        "24 Stunden von Le Mans & Höhepunkt & Emotionen & schlaflose Nächte & Perfektion & leuchtenden Augen",
        "24 Hours of Le Mans & highlight & emotions & sleepless nights & perfection & shining eyes",
    ),
    "webber_quote": (
        "ultimative Test & Mensch und Maschine & genial",
        "ultimate test & man and machine & brilliant",
    ),
    "binge": (
        "2 Stunden und 36 Minuten & 156 Minuten & 8 Tage & 17. Juni 2017",
        "2 hours and 36 minutes & 156 minutes & 8 days & 17 June 2017",
    ),
    "source": ("Artikel & Dominika Jaschek & 9. Juni 2017", "article & Dominika Jaschek & 9 June 2017"),
}

ADMITS = {
    "de": "nicht|kein|schweigt|offen|passen",
    "en": "n't|not|no |none|silent|quiet|leaves open|beyond me|pass",
}
"""How a first line says that the article does not say it."""


def test_every_fact_names_its_place_in_the_article() -> None:
    assert all(FAQ.sources.values())
    assert len(FAQ.sources) >= 15


def test_the_figures_are_those_of_the_article() -> None:
    facts = FAQ.facts
    assert (facts["episodes"], facts["minutes_per_episode"], facts["race_hours"]) == (6, 26, 24)
    assert (str(facts["start_date"]), str(facts["race_date"])) == ("2017-06-09", "2017-06-17")
    assert (facts["runtime_minutes"], facts["days_between"], facts["weeks_before"]) == (156, 8, 3)
    assert facts["teams"] == ("Porsche", "Audi", "Nissan", "Toyota", "Aston Martin", "Rebellion")


@LANGUAGES
def test_every_language_has_all_entries(language: Language) -> None:
    others = [other.entries for other in FAQ.languages.values()]
    assert all(set(language.entries) == set(entries) for entries in others)
    assert set(MUST_SAY) == {entry.id for entry in language.entries.values() if entry.kind == "answer"}


@pytest.mark.parametrize("entry", MUST_SAY)
@pytest.mark.parametrize(("place", "code"), [(0, "de"), (1, "en")])
def test_an_answer_holds_its_core_fact(entry: str, place: int, code: str) -> None:
    answer = FAQ.languages[code].entries[entry].answer.replace("*", "")
    for said in MUST_SAY[entry][place].split(" & "):
        assert re.search(said, answer), f"{said} is not in {answer}"


@each([(language, entry) for language, entry in SPEAKING if entry.kind == "answer"])
def test_the_first_line_of_an_answer_holds_the_fact_in_bold(language: Language, entry: Entry) -> None:
    # Two of them are short enough to say the most telling thing last.
    lines = entry.answer.split("\n")
    assert BOLD.search(lines[0]) or (BOLD.search(lines[1]) and entry.id in ("cast", "binge"))


@each([(language, entry) for language, entry in SPEAKING if entry.kind == "unknown"])
def test_an_unknown_answer_admits_it_first_and_then_offers_what_there_is(
    language: Language, entry: Entry
) -> None:
    first, *rest = entry.answer.split("\n")
    assert re.search(ADMITS[language.code], first, re.IGNORECASE)
    assert rest
    assert BOLD.search(rest[0]), "what it offers is in bold"
    assert not BOLD.search(first)


@LANGUAGES
def test_unknown_answers_do_not_sound_like_a_broken_record(language: Language) -> None:
    first_lines = [
        entry.answer.split("\n")[0] for entry in language.entries.values() if entry.kind == "unknown"
    ]
    openings = [" ".join(line.split()[:4]) for line in first_lines]
    assert len(set(openings)) > len(openings) - 3


@each(SPEAKING)
def test_an_answer_is_short_with_whichever_lead(language: Language, entry: Entry) -> None:
    lead = max((len(lead.say) for lead in entry.leads), default=-1)
    assert lead + 1 + len(entry.answer) < 350
    assert len(entry.answer.split("\n")) + (lead > 0) <= 4
    assert lead <= 70


@each([(language, entry) for language, entry in SPEAKING if entry.kind in ("answer", "unknown")])
def test_an_answer_leads_on_to_two_or_three_others(language: Language, entry: Entry) -> None:
    assert 2 <= len(entry.related) <= 3


@LANGUAGES
def test_labels_tell_entries_apart(language: Language) -> None:
    labels = [entry.label for entry in language.entries.values() if entry.label]
    assert len(set(labels)) == len(labels)


def sources(code: str) -> Iterator[tuple[str, str]]:
    """The answers and leads as they are written in the file, before facts are filled in."""
    raw = yaml.load((DIRECTORY / f"{code}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    for name, entry in raw["entries"].items():
        yield name, entry.get("answer", "")
        yield from ((name, lead["say"]) for lead in entry.get("leads", []))


@LANGUAGES
def test_no_figure_is_typed_into_an_answer(language: Language) -> None:
    typed = [(name, text) for name, text in sources(language.code) if re.search(r"\d", text)]
    assert typed == []


@LANGUAGES
def test_no_name_of_the_facts_is_typed_where_the_fact_could_be_named(language: Language) -> None:
    names = [
        FAQ.facts[name] for name in ("title", "platform", "museum", "city", "filming_place", "article_author")
    ]
    typed = [
        (name, text) for name, text in sources(language.code) if any(str(fact) in text for fact in names)
    ]
    assert typed == []


def texts(faq: Faq) -> Iterator[tuple[str, str]]:
    """Everything that the bot may say, by where it stands."""
    for code, language in faq.languages.items():
        for name, phrase in language.phrases.items():
            yield f"{code} {name}", phrase
        for entry in language.entries.values():
            yield f"{code} {entry.id}", "\n".join([*(lead.say for lead in entry.leads), entry.answer])


RUN = 6
"""So many words in a row are no longer a coincidence."""

ARTICLE = Path(__file__).parent / "article_runs.txt"
"""The article is not ours to spread, so the project holds only hashes of its runs of six words. Made by
`python tests/test_faq_content.py article.txt > tests/article_runs.txt`."""


def runs(text: str) -> dict[str, str]:
    """All runs of words in `text`, without case and punctuation, by their hashes.

    The title of the series and the list of teams are names, not sentences: they break a run.
    """
    for name in (str(FAQ.facts["title"]), *(language.spoken["teams"] for language in FAQ.languages.values())):
        text = text.replace(name, " … ")
    words = re.findall(r"[\w-]+|…", text.casefold())
    found = [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
    return {sha256(run.encode()).hexdigest()[:12]: run for run in found}


def test_no_text_carries_over_a_sentence_of_the_article() -> None:
    """Facts are free, sentences are not."""
    article = set(ARTICLE.read_text("ascii").split())
    assert len(article) > 200
    for name, text in texts(FAQ):
        copied = [run for digest, run in runs(text).items() if digest in article]
        assert copied == [], name


def test_texts_use_the_quotation_marks_of_their_language() -> None:
    for name, text in texts(FAQ):
        if name.endswith("fallback_foreign"):
            continue
        marks = "„“" if name.startswith("de ") else "“”"
        assert set(re.findall(r"[„“”«»\"]", text)) <= set(marks), name


def test_no_text_has_more_than_one_emoji() -> None:
    for name, text in texts(FAQ):
        assert len(re.findall("[\U0001f300-\U0001faff]", text)) <= 1, name


def test_no_line_and_no_label_leaves_its_meaning_to_an_emoji() -> None:
    labels = [entry.label for _, entry in ENTRIES if entry.label]
    for line in [*labels, *(line for _, text in texts(FAQ) for line in text.splitlines())]:
        bare = re.sub("[\U0001f300-\U0001faff]", "", line)
        assert bare == line or re.search(r"\w{3}", bare), line


@LANGUAGES
def test_words_are_not_both_filler_and_synonym(language: Language) -> None:
    both = language.filler & set(chain.from_iterable(language.synonyms))
    assert both == set()


if __name__ == "__main__":
    print("\n".join(runs(Path(sys.argv[1]).read_text("utf-8"))))


def test_no_name_of_a_list_stands_there_a_second_time_with_umlauts_spelt_out() -> None:
    """Its words would be known as they stand, and no longer be read as the word with the umlaut."""
    lists = yaml.safe_load((DIRECTORY / "names.yaml").read_text("utf-8"))
    names = [str(name) for each in lists.values() for name in each]
    digraphs = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
    spelt_out = [words(name.translate(digraphs)) for name in names if name.translate(digraphs) != name]
    folded = {tuple(words(name)) for name in names}
    assert [name for name in spelt_out if tuple(name) in folded] == []
