"""Files in the folder that nobody reads, and names that would make poor ids."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.knowledge_base.problems import Problem

DRAFT = ".draft"
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_READ = {"sources.yml", "topics.yml", "clinic.yml", "terms.yml", "red_flags/harmless.yml"}


def file_problems(root: Path) -> list[Problem]:
    """Files that are never read, file names that are no ids, and drafts with what they still lack."""
    found = []
    for path in sorted(root.rglob("*")):
        file = str(path.relative_to(root))
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        depth = len(path.relative_to(root).parts)
        if path.suffix == DRAFT:
            found.append(
                Problem(
                    file,
                    0,
                    "",
                    f"is a draft, which patients do not get{_lacks(path)}",
                    f"when it is done, rename it to {path.stem}.md",
                    warning=True,
                )
            )
        elif file in _READ:
            continue
        elif path.suffix != ".md" or depth != 2:
            found.append(
                Problem(
                    file,
                    0,
                    "",
                    "is a file that is never read",
                    "an answer is topic/file-name.md; keep anything else outside this folder",
                    warning=True,
                )
            )
        elif not _ID.match(path.stem):
            found.append(
                Problem(
                    file,
                    0,
                    "",
                    f"has the name “{path.stem}”, which makes a poor address",
                    "use small letters, digits and single dashes: what-it-is.md",
                    warning=True,
                )
            )
    return found


def _lacks(path: Path) -> str:
    """What a draft still lacks, in words."""
    text = path.read_text("utf-8", errors="replace")
    _, _, rest = text.partition("---\n")
    head, closed, body = rest.partition("\n---")
    try:
        fields = yaml.safe_load(head) or {}
    except yaml.YAMLError:
        return "; its top part cannot be read yet"
    lacking = [
        name for name in ("title", "questions", "sources", "consult", "simpler") if not any(fields.get(name) or [])
    ]
    if not closed or not body.strip():
        lacking.append("text")
    return f"; it still lacks: {', '.join(lacking)}" if lacking else "; nothing is missing"
