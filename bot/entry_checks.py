"""What must hold for the entries of a language file beyond their shape, so that no answer is nonsense."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.facts import FactValue
from bot.interpreter import MAX_INTENTS
from bot.language_file import MAX_TEXT, LanguageFile, nearest, units
from bot.reply import MAX_ACTION_BYTES
from bot.schema import EntryModel, LeadModel

SQUEEZED = re.compile(r"[\W_]+")

NEEDS = {
    "answer": ("label", "answer", "related"),
    "unknown": ("label", "answer", "related"),
    "smalltalk": ("answer",),
    "offtopic": (),
}
"""What an entry of each kind must have beside its questions."""


def check_entries(file: LanguageFile, facts: Mapping[str, FactValue], facts_known: bool) -> None:
    """Does each entry have what its kind needs, and does all that it names exist?"""
    for entry, model in file.model.entries.items():
        report = file.document.report
        line = file.entry_lines[entry]
        for part in ("label", "answer", "related", "leads"):
            has = bool(getattr(model, part))
            if part in NEEDS[model.kind] and not has:
                report(line, entry, f'has no {part}, and an entry of kind "{model.kind}" needs it; add it')
            elif model.kind == "offtopic" and has and part != "answer":
                problem = (
                    f'is of kind "offtopic", and nobody would see its {part}; delete that or change the kind'
                )
                report(file.document.line("entries", entry, part), entry, problem)
        if len(entry) > (longest := _longest_name(file.code)):
            problem = f"is a name of {len(entry)} characters, and a button holds {MAX_INTENTS} of {longest}"
            report(line, entry, f"{problem}; shorten it by {len(entry) - longest}")
        _check_related(file, entry, model)
        if model.answer is not None:
            file.check_text(("entries", entry, "answer"), model.answer, frozenset(), facts_known)
        for position, lead in enumerate(model.leads):
            _check_lead(file, (entry, position), lead, facts, facts_known)
        longest = max((units(lead.say) for lead in model.leads), default=0)
        if (size := units(model.answer or "") + longest) >= MAX_TEXT:
            problem = (
                f"has an answer of {size} characters with its longest lead, and Telegram takes {MAX_TEXT}"
            )
            report(file.document.line("entries", entry, "answer"), entry, f"{problem}; shorten it")


def _longest_name(code: str) -> int:
    """A message may be answered by so many entries, and one button leads to all of their answers."""
    room = MAX_ACTION_BYTES - len(f"choose:{code}:") - (MAX_INTENTS - 1)
    return room // MAX_INTENTS


def _check_related(file: LanguageFile, entry: str, model: EntryModel) -> None:
    for position, other in enumerate(model.related):
        line = file.document.line("entries", entry, "related", position)
        if other == entry:
            file.document.report(
                line, other, "is related to itself, a button that repeats the answer; delete it"
            )
        elif other in model.related[:position]:
            file.document.report(line, other, "stands twice in related, two equal buttons; delete one")
        elif other not in file.entry_lines:
            problem = f"does not exist, so its button would lead nowhere; {nearest(other, file.entry_lines)}"
            file.document.report(line, other, problem)
        elif other in file.model.entries and not file.model.entries[other].label:
            file.document.report(
                line, other, "has no label to write on a button; give it one or name another entry"
            )


def _check_lead(
    file: LanguageFile,
    place: tuple[str, int],
    lead: LeadModel,
    facts: Mapping[str, FactValue],
    facts_known: bool,
) -> None:
    path = ("entries", place[0], "leads", place[1])
    line = file.document.at(path).line
    if not lead.model_fields_set - {"say"}:
        file.document.report(line, lead.say, "has no condition, so it is said always; put it into the answer")
    for name in (lead.number or {}).values():
        if facts_known and not isinstance(facts.get(name), int):
            figures = [known for known, value in facts.items() if isinstance(value, int)]
            file.document.report(line, name, f"is no fact that is a number; {nearest(name, figures)}")
    for position, words in enumerate(lead.mentions or ()):
        file.check_text((*path, "mentions", position), words, frozenset(), facts_known)
    file.check_text((*path, "say"), lead.say, lead_fields(lead), facts_known)


def lead_fields(lead: LeadModel) -> frozenset[str]:
    """What may be filled into a lead when it is said: what its conditions have found."""
    mentioned = {"mentioned"} if lead.mentions else set()
    return frozenset(mentioned | ({"number", "left"} if lead.number else set()))


def check_questions(file: LanguageFile) -> None:
    """The same question must not belong to two entries."""
    asked: dict[str, tuple[str, int]] = {}
    for entry, model in file.model.entries.items():
        line = file.document.line
        questions = [
            (question, line("entries", entry, "questions", i)) for i, question in enumerate(model.questions)
        ]
        if model.label:
            questions.insert(0, (model.label, line("entries", entry, "label")))
        for question, at in questions:
            key = SQUEEZED.sub(" ", question.casefold()).strip()
            if not key:
                file.document.report(at, question, "holds no word, so nothing is learnt from it; delete it")
                continue
            other, first = asked.setdefault(key, (entry, at))
            if other != entry:
                problem = (
                    f"belongs to {other} too (line {first}), so chance would choose the answer; delete one"
                )
                file.document.report(at, question, problem)
