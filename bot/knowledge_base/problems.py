"""What is wrong with a knowledge file, said so that a nurse can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where (file, line, field), what is wrong and what to do.

    ``line`` is counted from 1; 0 means the file as a whole. A ``warning`` is shown but
    does not keep the knowledge base from going live.
    """

    file: str
    line: int
    field: str
    what: str
    do: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        advice = f" → {self.do}" if self.do else ""
        kind = "note" if self.warning else "error"
        return f"[{place}] {kind}:{field} {self.what}{advice}"


class BrokenKnowledge(Exception):
    """The knowledge base cannot be used as it is; ``problems`` says why, all at once."""

    def __init__(self, root: Path, problems: list[Problem]):
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{len(problems)} problem(s) in {root}:\n{lines}")
