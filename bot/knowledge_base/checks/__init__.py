"""The checks of `python -m bot check`: one kind of fault a file, each a pure function of a knowledge base.

A new check is a new function and a line in :data:`CHECKS`. An error must be mended before a
change is merged; a warning is for a person to judge. Neither keeps an edit from going live:
only what `bot.knowledge_base.reading` refuses does.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.knowledge_base.checks.clinic import clinic_problems
from bot.knowledge_base.checks.files import file_problems
from bot.knowledge_base.checks.likeness import near_questions
from bot.knowledge_base.checks.links import link_problems
from bot.knowledge_base.checks.markup import markup_problems
from bot.knowledge_base.checks.opening import opening_problems
from bot.knowledge_base.checks.placing import placed
from bot.knowledge_base.checks.questions import question_problems
from bot.knowledge_base.checks.red_flags import red_flag_problems
from bot.knowledge_base.checks.reviews import review_problems
from bot.knowledge_base.checks.sources import source_problems
from bot.knowledge_base.checks.spelling import spelling_problems
from bot.knowledge_base.checks.terms import term_problems
from bot.knowledge_base.checks.texts import grade_problems, length_problems
from bot.knowledge_base.checks.wording import wording_problems
from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

Check = Callable[[KnowledgeBase], list[Problem]]
CHECKS: tuple[Check, ...] = (
    question_problems,
    length_problems,
    grade_problems,
    opening_problems,
    wording_problems,
    markup_problems,
    spelling_problems,
    source_problems,
    review_problems,
    link_problems,
    red_flag_problems,
    term_problems,
    clinic_problems,
)

__all__ = ["CHECKS", "Check", "file_problems", "near_questions", "placed"]
