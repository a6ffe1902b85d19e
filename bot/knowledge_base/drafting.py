"""A file to start from. A draft ends in `.draft`, so that no half-written answer reaches a patient."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge_base.checks.files import DRAFT
from bot.knowledge_base.records import KnowledgeBase

#: Days after which a text is to be reviewed again.
REVIEW_EVERY_DAYS = 365


class CannotDraft(Exception):
    """No draft was written; the message says why and what to do."""


def address(title: str) -> str:
    """The file name of a title: "What is Raynaud's?" → `what-is-raynauds`.

    Raises:
        CannotDraft: when the title has no letters.
    """
    letters = unicodedata.normalize("NFKD", title.lower().replace("'", "").replace("’", ""))
    words = re.findall(r"[a-z0-9]+", letters.encode("ascii", "ignore").decode())
    if not words:
        raise CannotDraft(f"“{title}” has no words in it. Give the title as patients will see it.")
    return "-".join(words)[:60].strip("-")


def write_draft(
    root: Path,
    knowledge: KnowledgeBase,
    topic: str,
    title: str,
    questions: Sequence[str] = (),
    related: Sequence[str] = (),
    name: str = "",
    today: dt.date | None = None,
) -> Path:
    """Write a draft for a person to fill in; returns its path.

    Raises:
        CannotDraft: when the topic is unknown or a file of that name exists.
    """
    if topic not in knowledge.topics:
        raise CannotDraft(f"There is no topic “{topic}”. Use one of: {', '.join(knowledge.topics)}.")
    stem = name or address(title)
    path = root / topic / f"{stem}{DRAFT}"
    for taken in (path, path.with_suffix(".md")):
        if taken.exists():
            raise CannotDraft(f"{taken.relative_to(root)} exists already. Edit it, or choose another title.")
    path.parent.mkdir(exist_ok=True)
    path.write_text(template(knowledge, title, questions, related, today or dt.date.today()), "utf-8")
    return path


def template(
    knowledge: KnowledgeBase, title: str, questions: Sequence[str], related: Sequence[str], today: dt.date
) -> str:
    """The text of a draft: the fields filled in as far as they are known, the answer left empty."""
    asked = "\n".join(f"  - {json.dumps(question, ensure_ascii=False)}" for question in questions) or "  - "
    source = next(iter(knowledge.sources.values()), None)
    example = f"{source.id} {next(iter(source.sections), '08:04')}" if source else "source-id 08:04"
    return f"""---
title: {json.dumps(title, ensure_ascii=False)}
questions:  # how patients ask it, in their words: twenty or more; short, long, lay words, misspelled
{asked}
sources:  # one to three passages that the text rests on, like: {example}
  - 
related: [{", ".join(related)}]  # two or three answers to read next, as topic/file-name
consult:   # who can help; one of: {", ".join(knowledge.clinic.specialties)}
simpler:   # the core of it in one or two very short sentences
review:
  status: awaiting clinician review
  written: {today.isoformat()}
  due: {(today + dt.timedelta(days=REVIEW_EVERY_DAYS)).isoformat()}
---
"""
