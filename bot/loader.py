"""faq/*.yaml -> a validated, immutable `Faq`.

    facts.yaml ──┐
    names.yaml ──┤  bot.yaml_strict   bot.schema    bot.checks      here
    de.yaml    ──┼─ files to data ──> right shape ─> makes sense ─> facts filled in, frozen
    en.yaml    ──┘

Everything that is wrong with any of the files is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.checks import check, check_facts, check_lookups, check_twins
from bot.entry_checks import lead_fields
from bot.errors import FaqError
from bot.facts import FactValue, derived, fill
from bot.faq import Archive, Command, Comparison, Entry, Faq, Language, Lead
from bot.language_file import LanguageFile
from bot.phrases import fields
from bot.schema import FACTS, LANGUAGE, NAMES, EntryModel, LeadModel, validate
from bot.yaml_strict import Document

FACTS_FILE = "facts.yaml"
NAMES_FILE = "names.yaml"


def load_faq(directory: Path) -> Faq:
    """Reads facts.yaml, names.yaml (if it is there) and the language files, each named by its code.

    Raises `FaqError` with every problem of all files, each a line of
    `<file>:<line>: <value>: what is wrong, what follows from it; remedy`.
    """
    folder = _folder(directory)
    if not directory.is_dir():
        raise FaqError(
            [f"{folder}: is no directory, so there is no FAQ; set FAQ_DIR to the one that holds it"]
        )
    documents = [Document.open(directory / FACTS_FILE, f"{folder}/{FACTS_FILE}")]
    facts, sources = _facts(documents[0])
    facts_known = not documents[0].problems
    names = {}
    if (directory / NAMES_FILE).exists():
        documents.append(Document.open(directory / NAMES_FILE, f"{folder}/{NAMES_FILE}"))
        names = validate(documents[-1], NAMES) or {}
        check_lookups(documents[-1], (), names, {})
    paths = [path for path in sorted(directory.iterdir()) if path.suffix in (".yaml", ".yml")]
    paths = [path for path in paths if path.name not in (FACTS_FILE, NAMES_FILE)]
    files = []
    for path in paths:
        document = Document.open(path, f"{folder}/{path.name}")
        documents.append(document)
        if path.suffix == ".yml":
            document.report(1, path.name, "is not read; name it .yaml")
        elif (model := validate(document, LANGUAGE)) is not None:
            files.append(LanguageFile(path.stem, document, model))
            check(files[-1], facts, facts_known, names)
    check_twins(files)
    problems = [problem for document in documents for problem in document.problems]
    if not paths:
        problems.append(f"{folder}: holds no language, so the bot is mute; put a file such as de.yaml there")
    if problems:
        raise FaqError(problems)
    languages = {file.code: _language(file, facts, names) for file in files}
    return Faq(MappingProxyType(languages), MappingProxyType(facts), MappingProxyType(sources))


def _folder(directory: Path) -> str:
    """The directory as whoever runs the bot calls it: from where they are, if that is above it."""
    try:
        return str(directory.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(directory)


def _facts(document: Document) -> tuple[dict[str, FactValue], dict[str, str]]:
    """The facts, with what is derived from them, and where they stand."""
    models = validate(document, FACTS)
    if models is None:
        return {}, {}
    facts = {name: model.value for name, model in models.items()}
    check_facts(document, facts)
    return {**derived(facts), **facts}, {name: model.source for name, model in models.items()}


def _language(file: LanguageFile, facts: Mapping[str, FactValue], names: Mapping[str, list[str]]) -> Language:
    model = file.model
    commands = {
        command: Command(command, tuple(dict.fromkeys([*described.names, command])), described.description)
        for command, described in model.commands.items()
    }
    listed = "\n".join(f"/{command.names[0]} – {command.description}" for command in commands.values())
    phrase_values = {**file.spoken, "commands": listed}
    return Language(
        code=file.code,
        name=model.name,
        stemmer=model.stemmer,
        locale=model.locale,
        numbers=MappingProxyType(model.numbers),
        synonyms=tuple(map(tuple, model.synonyms)),
        filler=frozenset(model.filler),
        connectives=frozenset(model.connectives),
        subjects=frozenset(model.subjects),
        yes_no=frozenset(model.yes_no),
        question_words=frozenset(model.question_words),
        lookups=Archive(
            {
                each: (*names.get(each, ()), *model.lookups.get(each, ()))
                for each in {**names, **model.lookups}
            }
        ),
        phrases=MappingProxyType(
            {
                name: fill(text.strip(), phrase_values, fields(name) or frozenset())
                for name, text in model.phrases.items()
            }
        ),
        commands=MappingProxyType(commands),
        entries=MappingProxyType(
            {
                entry: _entry(entry, described, file.spoken, facts)
                for entry, described in model.entries.items()
            }
        ),
        phrasings=Archive({entry: described.questions for entry, described in model.entries.items()}),
        spoken=MappingProxyType(dict(file.spoken)),
    )


def _entry(entry: str, model: EntryModel, values: Mapping[str, str], facts: Mapping[str, FactValue]) -> Entry:
    return Entry(
        id=entry,
        kind=model.kind,
        label=model.label or "",
        answer=fill((model.answer or "").strip(), values),
        leads=tuple(_lead(lead, values, facts) for lead in model.leads),
        related=tuple(model.related),
    )


def _lead(model: LeadModel, values: Mapping[str, str], facts: Mapping[str, FactValue]) -> Lead:
    return Lead(
        say=fill(model.say, values, lead_fields(model)),
        mentions=tuple(word for words in model.mentions or () for word in _mentions(words, values, facts)),
        yes_no=model.yes_no,
        clock=tuple(model.clock or ()),
        number=tuple(
            Comparison(how, value)
            for how, name in (model.number or {}).items()
            if isinstance(value := facts[name], int)
        ),
    )


def _mentions(words: str, values: Mapping[str, str], facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    """The words of a condition; the name of a list ({teams}) stands for all that is in it."""
    listed = facts.get(words[1:-1]) if words.startswith("{") else None
    return listed if isinstance(listed, tuple) else (fill(words, values),)
