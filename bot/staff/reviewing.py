"""Which texts are due for a clinician's review, and what there is to read before signing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.knowledge_base import Answer, KnowledgeBase, RedFlag
from bot.knowledge_base.drafting import REVIEW_EVERY_DAYS

#: Red flags first: they are about danger.
_ORDER = ("changed since review", "awaiting review", "overdue", "due soon")
SOON_DAYS = 30


@dataclass(frozen=True)
class Due:
    """A text to review: its file, its title, why now, the date it is due, and the writer's note."""

    file: str
    title: str
    why: str
    due: dt.date | None
    note: str = ""
    red_flag: bool = False


def due_texts(knowledge: KnowledgeBase, today: dt.date | None = None, soon: int = SOON_DAYS) -> list[Due]:
    """The texts to review, the most pressing first."""
    day = today or dt.date.today()
    texts: list[Answer | RedFlag] = [*knowledge.red_flags.values(), *knowledge.answers.values()]
    found = []
    for text in texts:
        why = _why(text, day, soon)
        if why:
            found.append(
                Due(
                    text.file,
                    text.title,
                    why,
                    text.review.due,
                    getattr(text, "note", ""),
                    isinstance(text, RedFlag),
                )
            )
    return sorted(found, key=lambda one: (not one.red_flag, _ORDER.index(one.why), one.due or dt.date.max, one.file))


def _why(text: Answer | RedFlag, day: dt.date, soon: int) -> str:
    if text.review_state != "reviewed":
        return text.review_state
    due = text.review.due
    if due and due < day:
        return "overdue"
    return "due soon" if due and due <= day + dt.timedelta(days=soon) else ""


def review_interval(text: Answer | RedFlag) -> dt.timedelta:
    """How long after a review the next one is due: as planned in the file, else a year."""
    review = text.review
    begun = review.on or review.written
    planned = review.due - begun if review.due and begun else dt.timedelta()
    return planned if planned.days > 0 else dt.timedelta(days=REVIEW_EVERY_DAYS)


def to_read(text: Answer | RedFlag, knowledge: KnowledgeBase) -> str:
    """Everything that a signature covers, and what helps to judge it."""
    review = text.review
    lines = [f"{text.file}  –  {text.review_state}", f"Title: {text.title}", ""]
    if isinstance(text, Answer):
        lines += [text.body, "", f"In short: {text.simpler}", ""]
        for citation in text.citations:
            source = knowledge.sources[citation.source]
            lines.append(f"Source: {source.where(citation.locator)}. {source.reference}")
        lines.append(f"Consult: {knowledge.clinic.specialties[text.consult]['name']}")
        if text.note:
            lines += ["", f"NOTE FOR THE REVIEWER: {text.note}"]
    else:
        lines += [
            f"Level: {text.level}",
            f"Signs: {text.signs}",
            "",
            text.body,
            "",
            f"What to say: {text.say}",
            f"What not to do: {text.do_not}",
            "",
        ]
        lines += [f"Source: {source}" for source in text.sources]
    if review.by:
        lines += ["", f"Last signed by {review.by} on {review.on}."]
    return "\n".join(lines)
