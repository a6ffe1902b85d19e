"""What `check --fix` mends by itself: slips of form that change no word that a patient reads.

Every repair takes the text of a file and gives it back mended, with what was done in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.knowledge_base.parsing import FENCE, PlainLoader, alike, front_matter_end
from bot.knowledge_base.signing import write_whole

Repair = Callable[[str], tuple[str, list[str]]]
#: Lists whose items are patients' words, so that anything YAML reads as more than text is a slip.
_WORD_LISTS = ("questions", "told", "told_other_level", "not_it", "related", "sources")
_LIST = re.compile(r"^(?P<name>[A-Za-z_]+):[ \t]*(?:#.*)?$")
_ITEM = re.compile(r"^(?P<head>[ \t]*-)[ \t]+(?P<value>.*?)[ \t]*$")
_ONE_DIGIT_MINUTES = re.compile(r"^(?P<source>[\w-]+) (?P<minutes>\d):(?P<seconds>\d\d)$")


def fix_folder(root: Path) -> dict[str, list[str]]:
    """Mend every file of a knowledge base; what was done, by file (relative to ``root``)."""
    done = {}
    for path in sorted([*root.glob("*/*.md"), *root.glob("*.yml")]):
        try:
            before = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        after, notes = fixed(before, front_matter=path.suffix == ".md")
        if after != before:
            write_whole(path, after.encode("utf-8"))
            done[str(path.relative_to(root))] = notes
    return done


def fixed(text: str, front_matter: bool = True) -> tuple[str, list[str]]:
    """The mended text and what was done; the same text when nothing was wrong."""
    notes: list[str] = []
    for repair in (_line_ends, _items) if front_matter else (_line_ends,):
        text, done = repair(text)
        notes += done
    return text, notes


def _line_ends(text: str) -> tuple[str, list[str]]:
    notes = []
    if text.startswith("\ufeff"):
        text = text.lstrip("\ufeff")
        notes.append("removed the byte order mark")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        notes.append("made the line ends plain")
    if text and not text.endswith("\n"):
        text += "\n"
        notes.append("ended the last line")
    return text, notes


def _items(text: str) -> tuple[str, list[str]]:
    rows = text.split("\n")
    end = front_matter_end(rows)
    if rows[0].strip() != FENCE or end is None:
        return text, []
    kept, notes, inside = rows[:1], [], ""
    seen: set[str] = set()
    for row in rows[1:end]:
        row, tabs = re.subn(r"^[ ]*\t[ \t]*", lambda m: m.group().expandtabs(2), row)
        if tabs:
            notes.append("made tabs at the start of a line spaces")
        name, item = _LIST.match(row), _ITEM.match(row)
        if row and not row[0].isspace() and not item:
            inside, seen = (name["name"] if name else ""), set()
        if item and inside in _WORD_LISTS:
            value, done = _item(inside, item["value"])
            key = alike(str(_read(value)))
            if key in seen:
                notes.append(f"removed a second {value} from {inside}")
                continue
            seen.add(key)
            if done:
                notes.append(done)
                row = f"{item['head']} {value}"
        kept.append(row)
    return "\n".join([*kept, *rows[end:]]), notes


def _item(field: str, value: str) -> tuple[str, str]:
    """One item of a list, mended, and what was done ("" for nothing)."""
    # What follows a # may be a remark of staff or part of the question: for a person to decide.
    if re.search(r"(?:^|\s)#", value):
        return value, ""
    if not value or (value[0] in "\"'|>&*[{" and isinstance(_read(value), str)):
        return value, ""
    if field == "sources" and (stamp := _ONE_DIGIT_MINUTES.match(value)):
        return (
            f"{stamp['source']} 0{stamp['minutes']}:{stamp['seconds']}",
            f"wrote the time stamp of {value} with two digits",
        )
    if field == "related" and (value.endswith(".md") or value.startswith(("./", "/", "knowledge/"))):
        plain = value.removesuffix(".md").lstrip("./").removeprefix("knowledge/")
        return plain, f"wrote the link {value} as {plain}"
    if field not in ("related", "sources") and _read(value) != value:
        return json.dumps(value, ensure_ascii=False), f"put quotation marks around: {value}"
    return value, ""


def _read(value: str) -> object:
    """What YAML makes of an item; None where it cannot read it."""
    try:
        return yaml.load(f"- {value}", Loader=PlainLoader)[0]  # noqa: S506 - as the files are read
    except (yaml.YAMLError, TypeError, IndexError, KeyError, ValueError):
        return None
