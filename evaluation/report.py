"""How well the bot answers: `make eval`. Writes docs/quality.md and .png, and the figures in README.md."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.assistant import SHIPPED_FAQ, Assistant, Knowledge, analyzer_of, load_knowledge
from bot.faq import Faq
from bot.reply import Reply
from bot.tuned import THRESHOLDS
from evaluation.cases import VERDICTS, Case, Verdict, judge, load_cases, load_jsonl
from evaluation.tune import NOW, ZONE, halves

ROOT = Path(__file__).parent.parent
TRADES = ((0.15, 0.0), (0.2, 0.02), (0.25, 0.05), (0.3, 0.05), (0.35, 0.1), (0.45, 0.15), (0.6, 0.2))
MARKS = ("<!-- figures: begin -->", "<!-- figures: end -->")


@dataclass(frozen=True, slots=True)
class Result:
    """A case, the reply to it, and what that is worth."""

    case: Case
    reply: Reply
    verdict: Verdict


def results(assistant: Assistant, cases: Iterable[Case]) -> list[Result]:
    """The reply to each case, judged."""
    replies = ((case, assistant.reply(case.question, now=NOW)) for case in cases)
    return [Result(case, reply, judge(case, reply)) for case, reply in replies]


def figures(found: Sequence[Result]) -> str:
    """The share of each verdict by group, in per cent, as a table."""
    groups: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for result in found:
        for group in (*result.case.groups, "all"):
            groups[group][result.verdict] += 1
    rows = []
    for group, counts in sorted(groups.items()):
        total = counts.total()
        rows.append([group, str(total), *(f"{100 * counts[v] / total:.1f}" for v in VERDICTS)])
    return table(["questions", "number", *VERDICTS], rows)


def confusions(found: Sequence[Result]) -> str:
    """Every reply that is not right: what was asked, wanted and got."""
    rows = [
        [
            result.verdict,
            result.case.question.replace("|", "/")[:120],
            ", ".join(result.case.topics) or result.case.kind,
            f"{result.reply.kind}: {', '.join(result.reply.topics)}",
            f"{result.reply.score:.2f}",
        ]
        for result in sorted(
            found, key=lambda result: (VERDICTS[::-1].index(result.verdict), result.case.kind)
        )
        if result.verdict != "right"
    ]
    return table(["verdict", "asked", "wanted", "got", "score"], rows)


def trade(knowledge: Knowledge, cases: Sequence[Case]) -> str:
    """What other thresholds would do."""
    rows = []
    for floor, margin in TRADES:
        thresholds = replace(
            THRESHOLDS, floor=floor, margin=margin, clause_floor=max(floor, THRESHOLDS.clause_floor)
        )
        counts = Counter(
            result.verdict for result in results(Assistant(knowledge, ZONE, thresholds=thresholds), cases)
        )
        shares = [f"{100 * counts[v] / len(cases):.1f}" for v in VERDICTS]
        rows.append([f"{floor}", f"{margin}", *shares])
    return table(["floor", "margin", *VERDICTS], rows)


def comparison(faq: Faq, cases: Sequence[Case]) -> str:
    """The matcher beside others on the same utterances: single questions, in the language they are in.

    `entry found`: the best entry answers it. At the threshold that suits each method best: questions
    `answered rightly`, and messages about something else `turned away` (below it, or matched as off topic).
    """
    from evaluation.peers import peers

    single = [case for case in cases if case.kind != "compound" and case.style != "story"]
    scored: dict[str, list[tuple[Case, str, float]]] = defaultdict(list)
    for code, language in faq.languages.items():
        for name, peer in peers(language.pairs, analyzer_of(language)).items():
            for case in single:
                if case.language == code:
                    scored[name].append((case, *peer.best(case.question)))
    kinds = {
        entry.id: entry.kind for language in faq.languages.values() for entry in language.entries.values()
    }
    rows = []
    for name, found in scored.items():
        inside = np.array([case.kind != "offtopic" for case, _, _ in found])
        hit = np.array([_answers(kinds.get(entry), entry, case) for case, entry, _ in found])
        turned = np.array([kinds.get(entry, "offtopic") == "offtopic" for _, entry, _ in found])
        score = np.array([score for _, _, score in found])
        best = max(
            (
                (np.mean((hit & (score >= t))[inside]), np.mean((turned | (score < t))[~inside]))
                for t in np.unique(score)
            ),
            key=sum,
        )
        rows.append([name, f"{100 * hit[inside].mean():.1f}", f"{100 * best[0]:.1f}", f"{100 * best[1]:.1f}"])
    return table(["matcher", "entry found", "answered rightly", "turned away"], rows)


def _answers(kind: str | None, entry: str, case: Case) -> bool:
    """Whether an entry of this kind answers the question; any of the right kind does where none is named."""
    return entry in (*case.topics, *case.accept) if case.topics else kind == case.kind


def picture(found: Sequence[Result], file: Path) -> None:
    """A histogram of the scores of right and of wrong answers."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    spoken = [r for r in found if r.reply.kind in ("answer", "unknown", "smalltalk")]
    right = [r.reply.score for r in spoken if r.verdict in ("right", "part")]
    wrong = [r.reply.score for r in spoken if r.verdict in ("wrong", "silent")]
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    bins = np.linspace(0, 1, 26).tolist()
    axes.hist(
        [right, wrong], bins=bins, stacked=True, color=["#4c8c5a", "#c0392b"], label=["right", "not right"]
    )
    axes.axvline(THRESHOLDS.floor, color="#333333", linestyle="--", label="floor")
    axes.set(xlabel="score of the reply", ylabel="replies", xlim=(0, 1))
    axes.legend(loc="upper left")
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, dpi=110, metadata={"Software": None})
    plt.close(figure)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def insert(file: Path, text: str) -> None:
    """Replace what stands between the two marks in `file`."""
    begin, end = MARKS
    old = file.read_text("utf-8")
    new = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", old, flags=re.DOTALL)
    file.write_text(new, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="more labelled questions, as lines of JSON")
    chosen = parser.parse_args(arguments)
    knowledge = load_knowledge(SHIPPED_FAQ)
    assistant = Assistant(knowledge, ZONE)
    cases = load_cases()
    found = results(assistant, cases)
    judged = set(halves(cases)[1])
    parts: Mapping[str, str] = {
        f"All {len(cases)} questions of tests/questions": figures(found),
        "The half of them that `make tune` did not see": figures([r for r in found if r.case in judged]),
        **{f"{file.name}": figures(results(assistant, load_jsonl(file))) for file in chosen.files},
        "Beside other matchers": comparison(knowledge.faq, cases),
        "Other thresholds": trade(knowledge, cases),
        "What went wrong": confusions(found),
    }
    for title, text in parts.items():
        sys.stdout.write(f"\n## {title}\n\n{text}\n")
    picture(found, ROOT / "docs" / "quality.png")
    own = {title: text for title, text in parts.items() if title not in {file.name for file in chosen.files}}
    page = "# Quality\n\nMade by `make eval`; the words are explained in `evaluation/cases.py`.\n"
    page += "\n![Scores of right and of other replies](quality.png)\n"
    page += "".join(f"\n## {title}\n\n{text}\n" for title, text in own.items())
    (ROOT / "docs" / "quality.md").write_text(page, "utf-8")
    insert(ROOT / "README.md", "\n\n".join(list(own.values())[1:3]))


if __name__ == "__main__":
    main()
