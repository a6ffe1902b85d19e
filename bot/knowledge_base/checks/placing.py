"""From a field to the line in the file, so that an editor can go there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.knowledge_base.problems import Problem

Line = Callable[..., int]
_QUOTED = re.compile(r"“([^”]+)”")


def placed(problems: list[Problem], root: Path, line: Line) -> list[Problem]:
    """The problems with their lines; `questions.3` becomes `questions` and the line of its fourth item.

    ``line`` says where a field stands: `Reader.line`.
    """
    return [_placed(problem, root, line) for problem in problems]


def _placed(problem: Problem, root: Path, line: Line) -> Problem:
    if problem.line or not problem.field:
        return problem
    if problem.field == "text":
        return replace(problem, line=_line_of_text(root / problem.file, problem.what))
    path = [int(part) if part.isdigit() else part for part in problem.field.split(".")]
    field = ".".join(str(part) for part in path if not isinstance(part, int))
    return replace(problem, line=line(problem.file, *path), field=field)


def _line_of_text(path: Path, what: str) -> int:
    """The line below the front matter with the words that a problem quotes, else its first."""
    try:
        rows = path.read_text("utf-8").splitlines()
    except OSError:
        return 0
    start = next((n for n, row in enumerate(rows[1:], 1) if row.strip() == "---"), 0) + 1
    first = next((n for n in range(start, len(rows)) if rows[n].strip()), start)
    quoted = _QUOTED.search(what)
    if quoted:
        words = quoted.group(1).split()
        for number in range(first, len(rows)):
            if " ".join(words[:4]) in rows[number]:
                return number + 1
    return first + 1
