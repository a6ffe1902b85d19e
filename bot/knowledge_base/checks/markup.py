"""Markdown that some channel cannot show, or that should not be in a patient's text."""

from __future__ import annotations

import re

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

_HTML = re.compile(r"<!--|</?[a-zA-Z][^>]*>")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[[^\]]*\]\([^)]*\)|\bhttps?://\S+|\bwww\.\S+")
_TABLE = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
_HEADING = re.compile(r"^#+ ", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\b(?:TODO|TBD|FIXME|XXX+|lorem ipsum)\b|\[(?:write|fill)[^\]]*\]", re.IGNORECASE)
LONGEST_TITLE = 120


def markup_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """HTML, pictures, tables, links, many headings, words left to fill in, and titles too long for a button."""
    found = []
    texts = [(answer.file, answer.title, answer.body) for answer in knowledge.answers.values()]
    texts += [(flag.file, flag.title, flag.body) for flag in knowledge.red_flags.values()]
    for file, title, body in texts:
        if html := _HTML.search(body):
            found.append(Problem(file, 0, "text", f"has HTML in it: “{html.group()}”", "write plain words or Markdown"))
        if image := _IMAGE.search(body):
            found.append(Problem(file, 0, "text", f"has a picture in it: “{image.group()}”", "say it in words"))
        elif link := _LINK.search(body):
            found.append(
                Problem(
                    file,
                    0,
                    "text",
                    f"has a link in it: “{link.group()}”",
                    "name the place in words, and cite it in `sources`",
                    warning=True,
                )
            )
        if _TABLE.search(body):
            found.append(Problem(file, 0, "text", "has a table in it", "write it as a list; phones cannot show it"))
        if len(_HEADING.findall(body)) > 1:
            found.append(
                Problem(file, 0, "text", "has more than one heading", "split it into two answers", warning=True)
            )
        if left := _PLACEHOLDER.search(f"{title}\n{body}"):
            found.append(Problem(file, 0, "text", f"still has “{left.group()}” in it", "write what belongs there"))
        if len(title) > LONGEST_TITLE:
            found.append(
                Problem(
                    file,
                    0,
                    "title",
                    f"has {len(title)} characters",
                    f"shorten it to {LONGEST_TITLE}, as it also stands on a button",
                    warning=True,
                )
            )
    return found
