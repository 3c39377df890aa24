"""Labelled questions, and what a reply to one is worth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from bot.reply import Reply

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions"

CaseKind = Literal["answer", "compound", "unknown", "smalltalk", "offtopic"]
Verdict = Literal["right", "more", "part", "asked", "silent", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "more", "part", "asked", "silent", "wrong")


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what it asks for.

    `topics` are the entries wanted, in the order asked; `accept` others that answer it as well. `typo` marks
    misspelt ones, `style` names the sort of writer ("" for none in particular).
    """

    question: str
    language: str
    kind: CaseKind
    topics: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    typo: bool = False
    style: str = ""

    @property
    def groups(self) -> Iterator[str]:
        """The groups that its verdict is counted in."""
        yield f"{self.kind}, {self.language}"
        if self.typo and self.kind == "answer":
            yield f"answer with typos, {self.language}"
        if self.style == "story":
            yield f"long stories, {self.language}"


def load_cases(directory: Path = QUESTIONS) -> list[Case]:
    """The project's own labelled questions: a YAML file per language, named by its code."""
    return [
        _case(file.stem, fields)
        for file in sorted(directory.glob("*.yaml"))
        for fields in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    ]


def load_jsonl(file: Path) -> list[Case]:
    """Labelled questions from elsewhere: a line of JSON each, with the fields q, lang, kind, topics, ..."""
    cases = []
    for line in filter(None, map(str.strip, file.read_text("utf-8").splitlines())):
        fields = json.loads(line)
        cases.append(_case(fields["lang"], {**fields, "kind": fields["kind"].replace("faq", "answer")}))
    return cases


def _case(language: str, fields: dict[str, Any]) -> Case:
    return Case(
        " ".join(fields["q"].split()),
        language,
        cast(CaseKind, fields["kind"]),
        tuple(fields.get("topics", ())),
        tuple(fields.get("accept", ())),
        fields.get("typo", False),
        fields.get("style", ""),
    )


def judge(case: Case, reply: Reply) -> Verdict:
    """What a reader would say of the reply.

    `more`: the right answer, and one that nobody asked for; `part`: some of several questions answered;
    `asked`: a question back; `silent`: nothing said that could mislead; `wrong`: another answer than was
    asked for, or the right one in another language.
    """
    if case.kind == "offtopic":
        if reply.kind == "fallback":
            return "right"
        return "wrong" if reply.kind == "answer" else "silent"
    if case.kind == "smalltalk":
        if reply.kind == "smalltalk":
            return "right"
        return "silent" if reply.kind == "fallback" else "wrong"
    if reply.kind == "suggestion":
        return "silent" if case.kind == "unknown" else "asked"
    if reply.kind in ("fallback", "smalltalk"):
        return "silent"
    if reply.language != case.language:
        return "wrong"
    found = set(reply.topics)
    if case.kind == "compound":
        hits = len(found.intersection(case.topics))
        if hits < len(case.topics):
            return "part" if hits else "wrong"
        return "right" if found.issubset((*case.topics, *case.accept)) else "more"
    if case.kind == "unknown" and not case.topics:
        return "right" if reply.kind == "unknown" else "wrong"
    if not found.intersection((*case.topics, *case.accept)):
        return "wrong"
    return "right" if found.issubset((*case.topics, *case.accept)) else "more"
