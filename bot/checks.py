"""What must hold for the files of faq/ beyond their shape, so that the bot never says nonsense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.entry_checks import check_entries, check_questions
from bot.facts import REQUIRED, FactValue, fill, spoken
from bot.language_file import LanguageFile, nearest, units
from bot.phrases import COMMANDS, LIMITS, PHRASES, fields
from bot.schema import PARTS
from bot.text import words
from bot.yaml_strict import Document


def check(
    file: LanguageFile,
    facts: Mapping[str, FactValue],
    facts_known: bool,
    names: Mapping[str, Sequence[str]],
) -> None:
    """All checks of one language file. `facts_known`: the facts are sound, so their names can be judged."""
    check_keys(file)
    check_language(file, facts)
    check_words(file)
    check_lookups(file.document, ("lookups",), file.model.lookups, names)
    check_phrases(file, facts_known)
    check_commands(file)
    check_entries(file, facts, facts_known)
    check_questions(file)


def check_facts(document: Document, facts: Mapping[str, FactValue]) -> None:
    """Are the facts there that the bot reckons with, and do they make sense?"""
    for name, kind in REQUIRED.items():
        if name not in document.mark.keys:
            document.report(
                1, name, "is missing, so there is nothing to count; add it with its value and source"
            )
        elif document.at([name, "value"]).reported:
            continue
        elif name in facts and not isinstance(facts[name], kind):
            wanted = (
                "a date such as 2017-06-09, without quotes"
                if kind is date
                else "a whole number, without quotes"
            )
            document.report(document.line(name, "value"), name, f"cannot be reckoned with; write {wanted}")
        elif facts.get(name) == 0:
            document.report(document.line(name, "value"), name, "is 0, so there is no series; write how many")
    start, race = facts.get("start_date"), facts.get("race_date")
    if isinstance(start, date) and isinstance(race, date) and race <= start:
        line = document.line("race_date", "value")
        document.report(
            line, str(race), f"is not after the start, {start}, as the countdown expects; correct it"
        )


def check_keys(file: LanguageFile) -> None:
    """Has the file all parts that a language needs?"""
    for key in PARTS:
        if key not in file.document.mark.keys:
            file.document.report(1, key, "is missing, and no language can do without; add it")


def check_language(file: LanguageFile, facts: Mapping[str, FactValue]) -> None:
    """Are code, locale and stemmer known? Fills in `file.spoken`."""
    from babel import Locale, UnknownLocaleError
    from snowballstemmer import algorithms

    document, model = file.document, file.model
    try:
        Locale.parse(file.code)
    except (UnknownLocaleError, ValueError):
        document.report(
            1, file.code, "is no language code, so nobody gets this file; name it like de.yaml or fr.yaml"
        )
    if model.stemmer not in algorithms() and "stemmer" in document.mark.keys:
        known = nearest(model.stemmer, algorithms())
        document.report(document.line("stemmer"), model.stemmer, f"is no snowball algorithm; {known}")
    locale = model.locale
    try:
        Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        problem = "is no locale, so dates have no form; write one like de_DE or en_GB"
        document.report(document.line("locale"), locale, problem)
        locale = "en"
    file.spoken = spoken(facts, locale, model.numbers)


def check_words(file: LanguageFile) -> None:
    """No word may stand for two others."""
    seen: dict[str, int] = {}
    for row, line_of_words in enumerate(file.model.synonyms):
        for column, word in enumerate(line_of_words):
            line = file.document.line("synonyms", row, column)
            first = seen.setdefault(word.casefold(), line)
            if first != line:
                problem = (
                    f"is a synonym in line {first} too, and only one of the two lines counts; delete one"
                )
                file.document.report(line, word, problem)


def check_lookups(
    document: Document,
    place: Sequence[str],
    lookups: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[str]],
) -> None:
    """No name may stand in two lists, those of names.yaml (`names`) among them."""
    owners = {tuple(words(each)): name for name, listed in names.items() for each in listed}
    for name, listed in lookups.items():
        for position, each in enumerate(listed):
            found = tuple(words(each))
            line = document.line(*place, name, position)
            owner = owners.setdefault(found, name)
            if not found:
                document.report(line, each, "holds no word, so it is never found in a question; delete it")
            elif owner != name:
                problem = f"stands in the list {owner} too, and only one of them counts; delete one"
                document.report(line, each, problem)


def check_phrases(file: LanguageFile, facts_known: bool) -> None:
    """Is every phrase there that the bot says, and none that it never says?"""
    document = file.document
    present = document.at(["phrases"]).keys
    for name in PHRASES:
        if "phrases" in document.mark.keys and name not in present:
            problem = f"is missing in phrases, so the bot would be speechless in {file.model.name}; add it"
            document.report(document.line("phrases"), name, problem)
    for name, text in file.model.phrases.items():
        known = fields(name)
        if known is None:
            document.report(present[name], name, f"is said nowhere; {nearest(name, PHRASES)}")
        else:
            file.check_text(("phrases", name), text, known | {"commands"}, facts_known)
            length = units(fill(text.strip(), file.spoken))
            if length > (limit := LIMITS.get(name, length)):
                problem = f"is longer than the {limit} characters that Telegram takes here; shorten it"
                document.report(present[name], name, problem)


def check_commands(file: LanguageFile) -> None:
    """Has every command a name, and no name two commands?"""
    document = file.document
    present = document.at(["commands"]).keys
    for name in COMMANDS:
        if "commands" in document.mark.keys and name not in present:
            problem = f"is missing in commands, so nobody reading {file.model.name} finds it; add it"
            document.report(document.line("commands"), name, problem)
    meaning: dict[str, str] = {name: name for name in COMMANDS}
    for command, model in file.model.commands.items():
        if command not in COMMANDS:
            document.report(
                present[command], command, f"is no command of the bot; {nearest(command, COMMANDS)}"
            )
            continue
        for position, name in enumerate(model.names):
            if meaning.setdefault(name, command) != command:
                problem = f"is already a name of /{meaning[name]}, so it would be ambiguous; choose another"
                document.report(document.line("commands", command, "names", position), name, problem)


def check_twins(files: Iterable[LanguageFile]) -> None:
    """What is in one language must be in all."""
    files = list(files)
    owners: dict[str, tuple[str, LanguageFile]] = {}
    for file in files:
        for other in files:
            if other is file or "entries" not in other.document.mark.keys:
                continue
            for entry, line in file.entry_lines.items():
                if entry not in other.entry_lines:
                    problem = (
                        f"stands here and not in {other.document.name}, so only some can ask it; add it there"
                    )
                    file.document.report(line, entry, problem)
        for entry, model in file.model.entries.items():
            twin = next(
                (other.model.entries[entry] for other in files if entry in other.model.entries), model
            )
            if twin.kind != model.kind:
                problem = (
                    f'is of kind "{model.kind}" here and "{twin.kind}" in another language; make them one'
                )
                file.document.report(file.document.line("entries", entry, "kind"), entry, problem)
        for command, described in file.model.commands.items():
            for position, name in enumerate(described.names):
                owner, where = owners.setdefault(name, (command, file))
                if owner != command and where is not file:
                    problem = (
                        f"means /{owner} in {where.document.name}, so it would be ambiguous; choose another"
                    )
                    file.document.report(
                        file.document.line("commands", command, "names", position), name, problem
                    )
