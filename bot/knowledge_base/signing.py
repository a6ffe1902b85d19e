"""Signing a text off: who, when and the hash of what was read, written into the file's front matter."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path

import yaml

from bot.knowledge_base.parsing import front_matter_end
from bot.knowledge_base.reading import Reader
from bot.knowledge_base.records import Answer, KnowledgeBase, RedFlag

REVIEWED = "reviewed"
_FIELD = re.compile(
    r"""^(?P<head>\s*(?P<key>[A-Za-z_]+)\s*:)[ \t]*(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\r\n]*?)"""
    r"""(?P<rest>[ \t]+\#[^\r\n]*|[ \t]*)(?P<end>\r?\n)?$"""
)


class CannotSign(Exception):
    """A text is not signed; the message says why and what to do."""


def find(knowledge: KnowledgeBase, name: str) -> Answer | RedFlag:
    """The answer or red flag with this id; `red_flags/stroke-and-deficits` names a red flag.

    Raises:
        CannotSign: when there is none.
    """
    plain = name[:-3] if name.endswith(".md") else name
    found = knowledge.answers.get(plain) or knowledge.red_flags.get(plain.removeprefix("red_flags/"))
    if found is None:
        raise CannotSign(f"There is no text “{name}”. Write it as topic/file-name or red_flags/file-name.")
    return found


def sign_file(
    root: Path, text: Answer | RedFlag, by: str, on: dt.date, due: dt.date, reader: Reader | None = None
) -> Path:
    """Sign off what was read: writes the review's lines into the file, and nothing else.

    ``text`` is what the reviewer has read; ``due`` is when it is to be reviewed again; a ``reader`` of
    the folder that has read before saves reading every file anew.

    Raises:
        CannotSign: when the file has changed since it was read, or has no review to fill in.
    """
    if not by.strip():
        raise CannotSign('Say who signs, with the full name: --by "Dr. Jane Doe".')
    if due <= on:
        raise CannotSign(f"The next review ({due}) must come after this one ({on}).")
    path, reader = root / text.file, reader or Reader(root)
    now, _ = reader.survey()
    current = find(now, _name(text)) if now else None
    if current is None or current.digest != text.digest:
        raise CannotSign(f"{text.file} has changed since it was shown. Read it again, then sign.")
    before = path.read_bytes()
    write_whole(path, signed(before.decode("utf-8"), by, on, text.digest, due).encode("utf-8"))
    after, problems = reader.survey()
    own = [problem for problem in problems if problem.file == text.file]
    if own or after is None or find(after, _name(text)).review_state != REVIEWED:
        write_whole(path, before)
        why = "; ".join(map(str, own)) or "its text would not count as reviewed"
        raise CannotSign(f"{text.file} could not be signed and is as it was: {why}")
    return path


def signed(text: str, by: str, on: dt.date, digest: str, due: dt.date) -> str:
    """The text of a file with its review filled in; every other line stays as it was, byte for byte.

    Raises:
        CannotSign: when the front matter has no `review`.
    """
    rows = text.splitlines(keepends=True)
    end = front_matter_end(rows)
    if end is None:
        raise CannotSign("The file has no front matter. Run `python -m bot check`.")
    try:
        node = yaml.compose("".join(rows[1:end]))
    except yaml.YAMLError as error:
        raise CannotSign("The front matter cannot be read. Run `python -m bot check`.") from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    found = next(((key, value) for key, value in pairs if key.value == "review"), None)
    if found is None or not isinstance(found[1], yaml.MappingNode):
        raise CannotSign("The front matter has no `review`. Copy one from another file.")
    key, review = found
    values = {
        "status": REVIEWED,
        "due": due.isoformat(),
        "by": json.dumps(by.strip(), ensure_ascii=False),
        "on": on.isoformat(),
        "digest": f'"{digest}"',
    }
    newline = "\r\n" if rows[0].endswith("\r\n") else "\n"
    if review.flow_style:
        first, last = key.start_mark.line + 1, review.end_mark.line + 1
        kept = {name.value: value.value for name, value in review.value}
        after = rows[last][review.end_mark.column :].rstrip("\r\n")
        block = [f"review:{after}{newline}"] + [
            f"  {name}: {value}{newline}" for name, value in {**kept, **values}.items()
        ]
        return "".join([*rows[:first], *block, *rows[last + 1 :]])
    lines = {name.value: name.start_mark.line + 1 for name, _ in review.value}
    indent = " " * review.value[0][0].start_mark.column
    for name, value in values.items():
        if name in lines:
            rows[lines[name]] = _with_value(rows[lines[name]], value)
    missing = [f"{indent}{name}: {value}{newline}" for name, value in values.items() if name not in lines]
    last = max(lines.values()) + 1
    return "".join([*rows[:last], *missing, *rows[last:]])


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: nobody who reads it gets half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    if path.exists():
        unfinished.chmod(path.stat().st_mode & 0o777)
    unfinished.replace(path)


def _with_value(row: str, value: str) -> str:
    match = _FIELD.match(row)
    if match is None:
        raise CannotSign(f"The line “{row.strip()}” cannot be filled in. Write it as `name: value`.")
    return f"{match['head']} {value}{match['rest']}{match['end'] or ''}"


def _name(text: Answer | RedFlag) -> str:
    return text.file[:-3]
