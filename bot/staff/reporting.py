"""The report put together: counts from the store, titles from the knowledge base, groups by the encoder."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.engine import Engine

from bot.knowledge_base import KnowledgeBase
from bot.knowledge_base.drafting import CannotDraft, address, write_draft
from bot.staff.grouping import group, most_typical, varied
from bot.staff.reviewing import due_texts
from bot.store.reports.figures import Asked, Figures, Period, count
from bot.store.reports.page import Contents, Group, Row, page

Encode = Callable[[list[str]], np.ndarray]
#: So many different questions are grouped, the most frequent and newest first: encoding takes about 1 ms each.
MOST_GROUPED = 5000
GROUPS_SHOWN, WORDINGS_SHOWN, ROWS_SHOWN = 40, 6, 25
QUESTIONS_DRAFTED = 40
KINDS = {
    "out_of_scope": "not covered",
    "clarify": "offered a choice",
    "unavailable": "failed",
    "feedback_bad": "marked unhelpful",
}
_REMOVED = re.compile(r"\s*\[[a-z ]+\]")


def groups_of(asked: Sequence[Asked], knowledge: KnowledgeBase, encode: Encode) -> list[tuple[Group, list[str]]]:
    """The questions asked in vain by meaning, the largest group first, each with all its wordings.

    ``encode`` gives one unit vector a text (in lower case). Groups of one frequency keep a fixed order.
    """
    asked = [one for one in asked[:MOST_GROUPED] if one.question.strip()]
    if not asked:
        return []
    vectors = encode([one.question.lower() for one in asked])
    owners, known = _known_questions(knowledge, encode)
    made = []
    for rows in group(vectors, known.mean(axis=0) if owners else None):
        order = most_typical(vectors[rows], [asked[row].count for row in rows])
        made.append((sum(asked[row].count for row in rows), [rows[position] for position in order]))
    made.sort(key=lambda pair: (-pair[0], asked[pair[1][0]].question))
    found = []
    for number, (total, rows) in enumerate(made, 1):
        members = [asked[row] for row in rows]
        wordings = list(dict.fromkeys(one.question for one in members))
        others = [members[row].question for row in varied(vectors[rows], 0, 2 * WORDINGS_SHOWN)]
        answer_id, score = _nearest(members) or _nearest_now(vectors[rows[0]], owners, known)
        answer = knowledge.answers.get(answer_id)
        kinds = Counter(
            {kind: sum(one.count for one in members if one.kind == kind) for kind in {m.kind for m in members}}
        )
        found.append(
            (
                Group(
                    number,
                    total,
                    wordings[0],
                    [o for o in dict.fromkeys(others) if o != wordings[0]][:WORDINGS_SHOWN],
                    ", ".join(f"{amount} {KINDS.get(kind, kind)}" for kind, amount in sorted(kinds.items())),
                    answer.title if answer else ("deleted since" if answer_id else ""),
                    answer_id,
                    score,
                ),
                wordings,
            )
        )
    return found


def _nearest(members: Sequence[Asked]) -> tuple[str, float] | None:
    """The answer that most often came nearest when it was asked, and its mean score."""
    near = [one for one in members if one.nearest_answer]
    if not near:
        return None
    votes: Counter[str] = Counter()
    for one in near:
        votes[str(one.nearest_answer)] += one.count
    winner = max(votes, key=lambda answer: (votes[answer], answer))
    scores = [
        (one.nearest_score, one.count) for one in near if one.nearest_answer == winner and one.nearest_score is not None
    ]
    weight = sum(number for _, number in scores)
    return winner, sum(score * number for score, number in scores) / weight if weight else 0.0


def _known_questions(knowledge: KnowledgeBase, encode: Encode) -> tuple[list[str], np.ndarray]:
    """The questions of the knowledge base: whose each is, and their vectors."""
    pairs = [(question.lower(), answer.id) for answer in knowledge.answers.values() for question in answer.questions]
    return [owner for _, owner in pairs], encode([question for question, _ in pairs])


def _nearest_now(vector: np.ndarray, owners: Sequence[str], known: np.ndarray) -> tuple[str, float]:
    """The answer with the likest question today, for what was kept without one."""
    if not owners:
        return "", 0.0
    likeness = known @ vector
    return owners[int(likeness.argmax())], float(likeness.max())


def compose(figures: Figures, knowledge: KnowledgeBase, encode: Encode, today: dt.date | None = None) -> str:
    """The HTML of the report for figures that were counted."""
    titles = {answer.id: answer.title for answer in knowledge.answers.values()}

    def title(answer_id: str) -> str:
        return titles.get(answer_id, "deleted since")

    grouped = [one for one, _ in groups_of(figures.unanswered, knowledge, encode)]
    unhelpful = sorted(
        ((bad, good, answer) for answer, (good, bad) in figures.feedback.items() if bad),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    due = due_texts(knowledge, today)
    shown_signs = figures.signs.most_common()
    return page(
        figures,
        Contents(
            clinic=knowledge.clinic.name,
            made=dt.datetime.now(ZoneInfo(knowledge.clinic.time_zone)),
            topics={topic.id: topic.title for topic in knowledge.topics.values()},
            groups=grouped[:GROUPS_SHOWN],
            ungrouped=sum(one.count for one in grouped[GROUPS_SHOWN:])
            + sum(one.count for one in figures.unanswered[MOST_GROUPED:]),
            unhelpful=[
                Row(title(answer), answer, bad, f"{good} helpful, shown {figures.by_answer[answer]:,} times")
                for bad, good, answer in unhelpful[:ROWS_SHOWN]
            ],
            signs=[
                Row(
                    knowledge.red_flags[sign].title if sign in knowledge.red_flags else "deleted since",
                    sign,
                    number,
                    level or "",
                )
                for (sign, level), number in shown_signs
            ],
            most_asked=[
                Row(title(answer), answer, number) for answer, number in figures.by_answer.most_common(ROWS_SHOWN)
            ],
            never_asked=[
                Row(answer.title, answer.id)
                for answer in knowledge.answers.values()
                if answer.id not in figures.by_answer
            ],
            reviews=[Row(one.title, one.file[:-3], remark=f"{one.why}, due {one.due}") for one in due],
            review_counts=dict(Counter(one.why for one in due)),
        ),
    )


def report(engine: Engine, knowledge: KnowledgeBase, encode: Encode, period: Period, out: Path) -> Figures:
    """Count a period and write the page to a file; returns what was counted.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when the database cannot be asked.
        OSError: when the page cannot be written.
    """
    figures = count(engine, period)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(compose(figures, knowledge, encode), "utf-8")
    return figures


def suggest(
    figures: Figures,
    knowledge: KnowledgeBase,
    encode: Encode,
    root: Path,
    number: int,
    topic: str = "",
    title: str = "",
) -> Path:
    """Write a draft for a group of the report: the patients' redacted questions, and no answer.

    Raises:
        CannotDraft: when there is no such group, or the draft exists.
    """
    found = next((pair for pair in groups_of(figures.unanswered, knowledge, encode) if pair[0].number == number), None)
    if found is None:
        raise CannotDraft(f"There is no group {number} in this period. Use the number and the dates of the report.")
    shown, wordings = found
    nearest = knowledge.answers.get(shown.nearest_address)
    questions = list(dict.fromkeys(" ".join(_REMOVED.sub("", wording).split()) for wording in wordings))
    questions = [question for question in questions if any(letter.isalpha() for letter in question)][:QUESTIONS_DRAFTED]
    chosen = title or (questions[0] if questions else shown.typical)
    return write_draft(
        root,
        knowledge,
        topic or (nearest.topic if nearest else next(iter(knowledge.topics))),
        chosen,
        questions,
        [nearest.id] if nearest else [],
        address(chosen),
    )
