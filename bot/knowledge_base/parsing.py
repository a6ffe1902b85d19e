"""From the text of one file to checked fields, every fault with its line."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.knowledge_base.problems import Problem

Schema = TypeVar("Schema", bound=BaseModel)
FENCE = "---"
ADVICE = {
    "value_error.missing": ("is missing", "add this field"),
    "value_error.extra": ("is not a known field", "check its spelling or remove it"),
    "value_error.any_str.min_length": ("is empty", "write something or remove the line"),
    "type_error.none.not_allowed": ("is empty", "write something or remove the line"),
    "type_error.str": ("must be text", "put quotation marks around it"),
    "type_error.list": ("must be a list", "put each item on its own line after a dash"),
    "type_error.dict": ("must have fields of its own", "indent them below it"),
}


class PlainLoader(yaml.CSafeLoader):
    """YAML without the surprises of its version 1.1: `on`, `yes` and `no` are words, and `12:14` is no number."""


_SURPRISES = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int")
PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in _SURPRISES]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver(_SURPRISES[0], re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
PlainLoader.add_implicit_resolver(_SURPRISES[1], re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))


class Anything(BaseModel):
    """A mapping whose values are checked later, one by one."""

    __root__: dict[str, Any]


@dataclass
class Parsed(Generic[Schema]):
    """The checked fields of a file (None where it is broken), its body, and where each field stands."""

    fields: Schema | None
    body: str
    lines: dict[tuple[str | int, ...], int]
    problems: list[Problem]

    def line(self, *path: str | int) -> int:
        """The line of a field or of an item in it; of its nearest parent where it has none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_markdown(text: str, schema: type[Schema], file: str) -> Parsed[Schema]:
    """A Markdown file with front matter."""
    rows = text.lstrip("\ufeff").splitlines()
    if not rows or rows[0].strip() != FENCE:
        return _refused(file, 1, f"the file does not start with a line of three dashes ({FENCE})")
    end = front_matter_end(rows)
    if end is None:
        return _refused(file, 1, f"the front matter is not closed by a second line of three dashes ({FENCE})")
    parsed = parse_yaml("\n".join(rows[1:end]), schema, file, first_line=2)
    parsed.body = "\n".join(rows[end + 1 :]).strip()
    return parsed


def front_matter_end(rows: list[str]) -> int | None:
    """The row that closes the front matter; None where none does."""
    return next((n for n, row in enumerate(rows[1:], 1) if row.strip() == FENCE), None)


def parse_yaml(text: str, schema: type[Schema], file: str, first_line: int = 1) -> Parsed[Schema]:
    """A YAML document, or front matter whose first line is ``first_line`` of the file."""
    try:
        node = yaml.compose(text, Loader=PlainLoader)
        data = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - the safe loader in C, made plainer
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + first_line
        return _refused(file, line, f"this line cannot be read: {getattr(error, 'problem', error)}",
                        "put quotation marks around text with a colon, dash or # in it")
    if not isinstance(data, dict):
        return _refused(file, first_line, "there are no fields here")
    lines: dict[tuple[str | int, ...], int] = {}
    _collect_lines(node, (), first_line, lines)
    twice = _repeated_keys(node, first_line)
    problems = [Problem(file, line, key, "stands twice", "keep one of them") for key, line in twice]
    try:
        fields = schema.parse_obj(data)
    except ValidationError as error:
        parsed: Parsed[Schema] = Parsed(None, "", lines, problems)
        parsed.problems += [_problem(file, parsed, fault) for fault in error.errors()]
        return parsed
    return Parsed(fields if not problems else None, "", lines, problems)


def parse_records(text: str, schema: type[Schema], file: str) -> Parsed[Any]:
    """A YAML document that maps ids to records of one kind; a broken record is None among the fields."""
    whole = parse_yaml(text, Anything, file)
    if whole.fields is None:
        return whole
    records, problems = {}, list(whole.problems)
    for key, value in whole.fields.__root__.items():
        part = parse_yaml(yaml.safe_dump(value), schema, file)
        records[key] = part.fields
        problems += [
            Problem(file, whole.line(key, *p.field.split(".")) if p.field else whole.line(key),
                    f"{key}.{p.field}", p.what, p.do)
            for p in part.problems
        ]
    return Parsed(records, "", whole.lines, problems)  # type: ignore[type-var]


def alike(text: str) -> str:
    """A text as it is compared with others: two that differ in case or white space only are the same."""
    return " ".join(text.lower().split())


def digest_of(*parts: str) -> str:
    """A short hash of a text, equal for texts that differ in white space only."""
    joined = "\n".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _refused(file: str, line: int, what: str, do: str = "copy the top of another file that works") -> Parsed[Any]:
    return Parsed(None, "", {}, [Problem(file, line, "", what, do)])


def _problem(file: str, parsed: Parsed[Any], fault: Any) -> Problem:
    path = tuple(part for part in fault["loc"] if part != "__root__")
    what, do = ADVICE.get(fault["type"], (fault["msg"], "see another file that works"))
    return Problem(file, parsed.line(*path), ".".join(map(str, path)), what, do)


def _collect_lines(node: yaml.Node | None, path: tuple[str | int, ...], first: int, lines: dict[Any, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, key.value)
            lines[place] = key.start_mark.line + first
            _collect_lines(value, (*path, key.value), first, lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            place = (*path, number)
            lines[place] = item.start_mark.line + first
            _collect_lines(item, (*path, number), first, lines)


def _repeated_keys(node: yaml.Node | None, first: int) -> list[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    twice = []
    for key, _ in node.value:
        if key.value in seen:
            twice.append((key.value, key.start_mark.line + first))
        seen.add(key.value)
    return twice
