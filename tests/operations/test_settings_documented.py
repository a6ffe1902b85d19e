"""docs/operations.md lists every setting of bot/settings.py with its default and what it does."""

from __future__ import annotations

import re
from dataclasses import fields

from bot.settings import PROJECT, Settings, variable

PAGE = PROJECT / "docs" / "operations.md"


def rows_of_code() -> list[str]:
    rows = []
    for field in fields(Settings):
        default = str(field.default).replace(f"{PROJECT}/", "")
        secret = " **Secret.**" if field.metadata["secret"] else ""
        shown = f"`{default}`" if default else "empty"
        rows.append(f"| `{variable(field.name)}` | {shown} | {field.metadata['doc']}{secret} |")
    return rows


def rows_of_page() -> list[str]:
    section = re.search(r"^## Settings$(.*?)^## ", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert section, "docs/operations.md has no section `## Settings`"
    head = r"^\| Setting \| Default \| What it does \|\n\|[-|]+\|\n"
    table = re.search(head + r"((?:\|.*\n)+)", section.group(1), re.MULTILINE)
    assert table, "`## Settings` has no table `| Setting | Default | What it does |`"
    return table.group(1).splitlines()


def test_table_is_that_of_the_code() -> None:
    expected = rows_of_code()
    assert rows_of_page() == expected, "put this table into docs/operations.md:\n" + "\n".join(expected)


def test_every_setting_says_what_it_does() -> None:
    assert [field.name for field in fields(Settings) if len(field.metadata["doc"]) < 15] == []
