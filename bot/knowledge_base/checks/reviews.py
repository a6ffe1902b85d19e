"""Is each text signed off, truthfully and in time?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase, Review

SIGN = "sign it with `python -m bot review`"


def review_problems(knowledge: KnowledgeBase, today: dt.date | None = None) -> list[Problem]:
    """Reviews that are missing, overdue, outdated by an edit, or claimed without what makes them one."""
    day = today or dt.date.today()
    found: list[Problem] = []
    for answer in knowledge.answers.values():
        found += _of_one(answer.file, answer.review, answer.digest, day)
    for flag in knowledge.red_flags.values():
        found += _of_one(flag.file, flag.review, flag.digest, day)
    return found


def _of_one(file: str, review: Review, digest: str, today: dt.date) -> Iterator[Problem]:
    signed = review.status == "reviewed"
    for name in ("by", "on", "digest"):
        if signed and not getattr(review, name):
            yield Problem(file, 0, f"review.{name}", "is missing, though the status says “reviewed”", SIGN)
        elif not signed and getattr(review, name):
            yield Problem(
                file,
                0,
                f"review.{name}",
                f"is filled in, though the status says “{review.status}”",
                f"{SIGN}, or remove the line",
            )
    if review.on and review.on > today:
        yield Problem(file, 0, "review.on", f"lies in the future: {review.on}", "write the day of the review")
    if review.written and review.written > today:
        yield Problem(
            file,
            0,
            "review.written",
            f"lies in the future: {review.written}",
            "write the day it was written",
            warning=True,
        )
    if review.due and review.written and review.due < review.written:
        yield Problem(
            file,
            0,
            "review.due",
            f"is {review.due}, before it was written ({review.written})",
            "write the day by which it is to be reviewed",
        )
    elif review.due and review.due < today:
        yield Problem(file, 0, "review.due", f"is overdue since {review.due}", SIGN, warning=True)
    state = review.state(digest)
    if state == "awaiting review":
        yield Problem(file, 0, "review.status", "awaits a clinician's review", SIGN, warning=True)
    elif state == "changed since review" and signed:
        yield Problem(
            file,
            0,
            "review.digest",
            f"is outdated: the text was changed after {review.by} signed it",
            SIGN,
            warning=True,
        )
