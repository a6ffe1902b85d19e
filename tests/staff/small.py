"""A knowledge base of three answers without a single fault, for tests to spoil."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bot.knowledge_base.reading import Reader
from bot.knowledge_base.signing import signed
from tests.staff.clock import LATER, TODAY

Edit = Callable[[Path], None]
ANSWER = "nerves/what-it-is.md"
FLAG = "red_flags/thunderclap.md"
SUBJECTS = ("nerve pain", "tingling skin", "numb fingers", "sore scalp", "burning feet")
FRAMES = (
    (
        "what is {}",
        "tell me about {} in plain words",
        "my mum has {} and wants a definition",
        "is {} the same as cramp",
        "meaning of {} on my card",
    ),
    (
        "how long does {} last",
        "days or months until {} is over",
        "when will my sister's {} end",
        "duration of {}",
        "still {} after a year, normal",
    ),
    (
        "which doctor treats {}",
        "who do I call about {}",
        "specialist near me for {}",
        "dad needs a clinic for his {}",
        "does a neurologist see people with {}",
    ),
)

_SOURCES = """\
lee-talk:
  title: Nerves and you
  kind: interview
  speaker: Dr. Lee
  publisher: Nerve Days
  year: 2024
  locator: time
  passages: "01:00 12:14"
  spoken: "Dr. Lee, at {locator}"
  reference: "Interview with Dr. Lee, Nerve Days, 2024."
nerve-paper:
  title: A paper on nerves
  kind: article
  speaker: Ann Berg
  publisher: Nerve Notes
  year: 2023
  locator: section
  sections: {findings: what was found}
  spoken: "Ann Berg's paper, section “{locator}”"
  reference: "Ann Berg, A paper on nerves, 2023."
"""
_CLINIC = """\
name: Hill Clinic
phone: "212-867-5309"
booking: at the desk
time_zone: America/New_York
hours:
  monday: "08:30-17:00"
country: US
numbers:
  US: {emergency: "911", crisis: "988", crisis_name: the lifeline, poison: "1-800-222-1222"}
specialties:
  neurologist: {name: a neurologist, helps: a doctor for the brain and nerves}
"""
_BODY = """\
Nerve pain is pain that starts in a nerve, Dr. Lee says.

A nerve is a thin cord. It carries signs from the skin to the brain. When it is hurt, it sends signs by itself.
Some people feel it as a burn. Others feel it as a prick. It may come and go for weeks.
"""


def write(root: Path) -> Path:
    """Write the whole folder, every text signed off; returns it."""
    for name, text in {
        "sources.yml": _SOURCES,
        "clinic.yml": _CLINIC,
        "topics.yml": "nerves:\n  title: Nerves\n  about: pain of the nerves\n  first:\n    - nerves/what-it-is\n",
        "terms.yml": "conditions:\n  nerve-pain: [nerve pain]\n  cramp: [cramp, muscle cramp]\n",
        "nerves/what-it-is.md": _answer("What is nerve pain?", 0, "lee-talk 01:00", "nerves/how-long"),
        "nerves/how-long.md": _answer("How long does nerve pain last?", 1, "lee-talk 12:14", "nerves/who-helps"),
        "nerves/who-helps.md": _answer("Who helps with nerve pain?", 2, "nerve-paper findings", "nerves/what-it-is"),
        FLAG: _flag(),
        "red_flags/harmless.yml": "messages:\n  - the kettle is on and my usual ache is back\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    knowledge = Reader(root).read()
    for text in (*knowledge.answers.values(), *knowledge.red_flags.values()):
        path = root / text.file
        path.write_text(signed(path.read_text("utf-8"), "Dr. Jo May", TODAY, text.digest, LATER), "utf-8")
    return root


def replace(file: str, old: str, new: str, every: bool = False) -> Edit:
    """An edit that replaces a text in a file (a regular expression from a `^` on), and fails if it is not there."""

    def edit(root: Path) -> None:
        path = root / file
        before = path.read_text("utf-8")
        pattern = old if old.startswith("^") else re.escape(old)
        after, count = re.subn(pattern, lambda _: new, before, count=0 if every else 1, flags=re.MULTILINE)
        assert count, f"{old!r} does not stand in {file}"
        path.write_text(after, "utf-8")

    return edit


def body(text: str, file: str = ANSWER) -> Edit:
    """An edit that gives an answer another text."""

    def edit(root: Path) -> None:
        path = root / file
        head = path.read_text("utf-8").rsplit("---\n", 1)[0]
        path.write_text(f"{head}---\n{text}", "utf-8")

    return edit


def first_sentence(text: str) -> Edit:
    """An edit that puts other words in place of an answer's first sentence."""
    return body(_BODY.replace("Nerve pain is pain that starts in a nerve, Dr. Lee says.", text))


def add(file: str, content: str | bytes) -> Edit:
    """An edit that writes a file."""

    def edit(root: Path) -> None:
        path = root / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return edit


def other_answer(file: str, question: str = "why do my shins prickle") -> Edit:
    """An edit that adds a whole answer with one question."""

    def edit(root: Path) -> None:
        text = _answer("Why do shins prickle?", 0, "lee-talk 01:00", "nerves/how-long")
        head, _, rest = text.partition("questions:\n")
        add(file, f"{head}questions:\n  - {question}\n{rest[rest.index('sources:') :]}")(root)

    return edit


def remove(file: str) -> Edit:
    return lambda root: (root / file).unlink()


def questions(number: int) -> list[str]:
    """Twenty-five questions that no other number shares."""
    return [frame.format(subject) for frame in FRAMES[number] for subject in SUBJECTS]


def _answer(title: str, number: int, source: str, related: str) -> str:
    asked = "\n".join(f"  - {question}" for question in questions(number))
    opening = (
        "Nerve pain is pain that starts in a nerve, Dr. Lee says.",
        "Nerve pain may last for weeks, Dr. Lee says.",
        "A neurologist helps with nerve pain, Ann Berg says.",
    )[number]
    return f"""---
title: {title}
questions:
{asked}
sources:
  - {source}
related: [{related}]
consult: neurologist
simpler: Nerve pain starts in a nerve.
review:
  status: awaiting clinician review
  written: 2026-01-05
  due: 2027-01-05
---
{_BODY.replace("Nerve pain is pain that starts in a nerve, Dr. Lee says.", opening)}"""


def _flag() -> str:
    told = "\n".join(f"  - sudden terrible head pain number {n} like a clap" for n in range(20))
    others = "\n".join(f"  - my usual slow ache number {n}" for n in range(10))
    return f"""---
title: Sudden severe headache
level: emergency
signs: a sudden, very bad headache
say: "“It came all at once.”"
do_not: Do not drive.
sources:
  - "SNNOOP10 list (Do et al. 2019)"
told:
{told}
not_it:
{others}
review:
  status: awaiting clinician review
  written: 2026-01-05
  due: 2027-01-05
---
A headache that comes all at once can be a sign of bleeding. It needs care now.
"""
