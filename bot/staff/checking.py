"""Everything that is wrong with a knowledge base, at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bot.knowledge_base.checks import CHECKS, file_problems, near_questions, placed
from bot.knowledge_base.checks.likeness import Encode
from bot.knowledge_base.problems import Problem
from bot.knowledge_base.reading import Reader
from bot.knowledge_base.records import KnowledgeBase

#: From so many files on, a warning that says the same of each is shown in one line.
SAME_IN_MANY = 6


@dataclass
class Findings:
    """What a check found.

    ``refused`` keeps an edit from going live; ``faults`` do not, and must be mended;
    ``notes`` are for a person to judge. ``knowledge`` is None when too little can be read.
    """

    knowledge: KnowledgeBase | None
    refused: list[Problem] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.refused and not self.faults


def check(root: Path, encode: Encode | None = None) -> Findings:
    """Check a folder; ``encode`` (texts to unit vectors) finds nearly the same questions, without it none are."""
    reader = Reader(root)
    knowledge, refused = reader.survey()
    found: list[Problem] = file_problems(root)
    if knowledge:
        for one in CHECKS:
            found += one(knowledge)
        if encode:
            found += near_questions(knowledge, encode)
    found = sorted(set(placed(found, root, reader.line)))
    return Findings(
        knowledge, sorted(set(refused)), [p for p in found if not p.warning], [p for p in found if p.warning]
    )


def told(findings: Findings, every: bool = False) -> str:
    """The findings as staff read them; ``every`` shows each note, even one that says the same of many files."""
    parts = []
    for title, problems in (
        ("These keep the last edit from going live; patients get the last good version:", findings.refused),
        ("These break a rule and must be mended:", findings.faults),
    ):
        if problems:
            parts.append("\n".join([title, *(f"  {problem}" for problem in problems)]))
    if findings.notes:
        parts.append("\n".join(["For you to judge:", *_notes(findings.notes, every)]))
    parts.append(_summary(findings))
    return "\n\n".join(parts)


def _notes(notes: list[Problem], every: bool) -> list[str]:
    same: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for note in notes:
        same[(note.field, note.what, note.do)].append(note)
    lines = []
    for note in notes:
        alike = same[(note.field, note.what, note.do)]
        if every or len(alike) < SAME_IN_MANY:
            lines.append(f"  {note}")
        elif note is alike[0]:
            lines.append(
                f"  [{len(alike)} files, the first is {note.file}] note: {note.field}: {note.what} → {note.do}; "
                "`--all` names each"
            )
    return lines


def _summary(findings: Findings) -> str:
    counts = f"{len(findings.refused) + len(findings.faults)} to mend, {len(findings.notes)} to judge"
    if findings.knowledge is None:
        return f"{counts}. Most checks wait until clinic.yml can be read."
    knowledge = findings.knowledge
    asked = sum(len(answer.questions) for answer in knowledge.answers.values())
    return (
        f"{len(knowledge.answers)} answers, {asked} questions, {len(knowledge.red_flags)} red flags checked: {counts}."
        + (" All is well." if findings.passed and not findings.notes else "")
    )
