"""The shape of the files in faq/, and what to tell a curator whose file has another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.countdown import State
from bot.facts import FactValue
from bot.faq import EntryKind, How
from bot.yaml_strict import Document

MAX_LABEL = 34
"""Characters of a label: longer ones are cut off on a narrow telephone."""

MAX_FACT = 100_000
"""No figure of ours is larger, and none up to here leads past the end of the calendar."""

TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
WORD = r"^[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*$"
ID = r"^[a-z][a-z0-9_]*$"
COMMAND = r"^[a-z][a-z0-9_]{0,31}$"

PATTERNS = {
    TEXT: "holds a control character, which Telegram refuses; delete it",
    LINE: "must be one line, neither blank nor with control characters in it; mend that",
    WORD: "is not a single word, so it is never found in a question; write one word, without hyphens",
    ID: "is no name for this; use small letters a-z, digits and _",
    COMMAND: "is no name for a command to Telegram; use up to 32 small letters a-z, digits and _",
}

Text = Annotated[str, Field(min_length=1, pattern=TEXT)]
Line = Annotated[str, Field(min_length=1, pattern=LINE)]
Word = Annotated[str, Field(pattern=WORD)]
Id = Annotated[str, Field(pattern=ID)]
Command = Annotated[str, Field(pattern=COMMAND)]
Figure = Annotated[int, Field(ge=0, le=MAX_FACT)]


def _fact_value(value: Any) -> FactValue:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        texts = value
        value = tuple(value)
    else:
        texts = [value] if isinstance(value, str) else []
    if not isinstance(value, str | int | date | tuple) or isinstance(value, bool):
        raise PydanticCustomError(
            "fact", "is no fact that can be said; write text, a whole number, a date or a list"
        )
    if isinstance(value, int) and not 0 <= value <= MAX_FACT:
        raise PydanticCustomError(
            "fact", "is no figure from 0 to 100000, so the bot cannot reckon with it; correct it"
        )
    if any(not text.strip() or not set("{}*\n").isdisjoint(text) for text in texts):
        raise PydanticCustomError(
            "fact", "is blank or holds {, }, * or a line break, and would spoil texts; mend it"
        )
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Model(BaseModel):
    """What all parts of a file have in common: no keys but these, no guessing at types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FactModel(Model):
    """A fact, and where in the article it stands."""

    value: Annotated[FactValue, PlainValidator(_fact_value)]
    source: Line


class LeadModel(Model):
    """A first line that is said when all its conditions hold."""

    mentions: Annotated[list[Line], Field(min_length=1)] | None = None
    yes_no: bool | None = None
    clock: Annotated[list[State], BeforeValidator(_as_list), Field(min_length=1)] | None = None
    number: Annotated[dict[How, Id], Field(min_length=1)] | None = None
    say: Line


class EntryModel(Model):
    """Something people ask, and the answer to it."""

    kind: EntryKind
    label: Annotated[Line, Field(max_length=MAX_LABEL)] | None = None
    answer: Text | None = None
    leads: list[LeadModel] = []
    related: list[Id] = []
    questions: Annotated[list[Line], Field(min_length=1)]


class CommandModel(Model):
    """A command's names in a language, the one to show first, and what it does."""

    names: Annotated[list[Command], Field(min_length=1)]
    description: Annotated[Line, Field(max_length=60)]


class LanguageModel(Model):
    """A language file."""

    # The defaults stand in for what is missing, which is reported, so that the rest can be judged too.
    name: Line = "this language"
    stemmer: Line = "english"
    locale: Line = "en"
    numbers: dict[Word, Figure] = {}
    synonyms: list[Annotated[list[Word], Field(min_length=2)]] = []
    filler: list[Word] = []
    connectives: list[Word] = []
    subjects: list[Word] = []
    yes_no: list[Word] = []
    question_words: list[Word] = []
    lookups: dict[Id, Annotated[list[Line], Field(min_length=1)]] = {}
    phrases: dict[Id, Text] = {}
    commands: dict[Id, CommandModel] = {}
    entries: dict[Id, EntryModel] = {}


PARTS = ("name", "stemmer", "locale", "numbers", "phrases", "commands", "entries")
"""The keys that a language file must have."""

SECTIONS = ("numbers", "phrases", "commands", "entries", "lookups")


FACTS = TypeAdapter(dict[Id, FactModel])
LANGUAGE = TypeAdapter(LanguageModel)
NAMES = TypeAdapter(dict[Id, Annotated[list[Line], Field(min_length=1)]])

T = TypeVar("T")


def validate(document: Document, shape: TypeAdapter[T]) -> T | None:
    """What of `document` has the right `shape`, after it has been told of the rest; None if nothing has."""
    data = document.data
    if data is None:
        return None
    try:
        return shape.validate_python(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    for problem in problems:
        place = [step for step in problem["loc"] if step != "[key]"]
        if not document.at(place).reported or problem["type"] in ("missing", "extra_forbidden"):
            _report(document, place, problem)
    try:
        return shape.validate_python(_without(data, [problem["loc"] for problem in problems]))
    except ValidationError:
        return None


def _without(data: Any, places: Iterable[Sequence[str | int]]) -> Any:
    """A copy of `data` without the entries, phrases, facts that are wrong, so that the rest can be judged."""
    if not isinstance(data, dict):
        return data
    kept = {key: dict(value) if isinstance(value, dict) else value for key, value in data.items()}
    for section, *inner in places:
        if inner and isinstance(kept.get(section), dict) and section in SECTIONS:
            kept[section].pop(inner[0], None)
        else:
            kept.pop(section, None)
    return kept


def _report(document: Document, place: Sequence[str | int], problem: ErrorDetails) -> None:
    key = str(place[-1]) if place else document.name
    if problem["type"] == "missing":
        document.report(document.line(*place[:-1]), key, "is missing here; add it")
    elif problem["type"] == "extra_forbidden":
        known = sorted(_model(document, place).model_fields)
        near = get_close_matches(key, known, 1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        document.report(document.line(*place), key, f"is no key here, so nothing reads it; {remedy}")
    else:
        given = problem["input"]
        if key == "value":
            key = str(place[0])  # a fact is called by its name
        value = given if isinstance(given, str) else document.at(place).written
        if "[key]" in problem["loc"] or isinstance(given, dict | list):
            value = key
        document.report(document.line(*place), value or key, _complaint(problem))


def _model(document: Document, place: Sequence[str | int]) -> type[BaseModel]:
    """The model whose keys belong at `place`."""
    models: dict[str | int, type[BaseModel]] = {
        "entries": EntryModel,
        "commands": CommandModel,
        "leads": LeadModel,
    }
    inner = next((models[step] for step in reversed(place[:-1]) if step in models), None)
    return inner or (LanguageModel if len(place) == 1 else FactModel)


def _complaint(problem: ErrorDetails) -> str:
    given, context = problem["input"], problem.get("ctx", {})
    match problem["type"]:
        case "fact":
            return problem["msg"]
        case "string_type" if isinstance(given, dict):
            return "a colon made this a mapping where text belongs; put the text in quotes"
        case "string_type" if isinstance(given, list):
            return "is a list where one text belongs; write one"
        case "string_type":
            return "is no text to YAML but a number, a date or true/false; put it in quotes"
        case "string_pattern_mismatch":
            return PATTERNS[context["pattern"]]
        case "string_too_short":
            return "is empty, and the bot would say nothing; write something"
        case "string_too_long":
            over = len(given) - context["max_length"]
            limit = context["max_length"]
            return f"is longer than {limit} characters, so it would be cut off; shorten it by {over}"
        case "int_type" | "greater_than_equal" | "less_than_equal":
            return f"is no whole number from 0 to {MAX_FACT}; write one, without quotes"
        case "bool_type":
            return "is neither true nor false; write one of them, without quotes"
        case "literal_error":
            return f"is not {context['expected']}; choose one of them"
        case "too_short":
            return f"needs at least {context['min_length']} in its list; add what is missing"
        case "list_type":
            return "is no list; write each item in a line of its own, after '- '"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "needs keys with values below it; write them, indented"
        case _:
            return f"{problem['msg']}; mend that"
