"""`check --fix` mends slips of form, and no word that a patient reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.check import command
from bot.knowledge_base.fixing import fix_folder, fixed
from bot.knowledge_base.parsing import parse_markdown
from bot.knowledge_base.schemas import AnswerFields
from tests.staff.small import ANSWER, Edit, replace

SLIPS: dict[str, tuple[Edit, str]] = {
    "a colon in a question": (
        replace(ANSWER, "  - what is nerve pain", "  - nerve pain: what is it"),
        '  - "nerve pain: what is it"',
    ),
    "a question in quotes and more": (
        replace(ANSWER, "  - what is nerve pain", '  - "nerve pain" what is it'),
        '  - "\\"nerve pain\\" what is it"',
    ),
    "a question with several signs": (
        replace(ANSWER, "  - what is nerve pain", "  - yes, *why* 5: pain"),
        '  - "yes, *why* 5: pain"',
    ),
    "a question with a star": (
        replace(ANSWER, "  - what is nerve pain", "  - *what* is nerve pain"),
        '  - "*what* is nerve pain"',
    ),
    "a link with its ending": (
        replace(ANSWER, "[nerves/how-long]", "\n  - knowledge/nerves/how-long.md"),
        "  - nerves/how-long",
    ),
    "one digit of minutes": (replace(ANSWER, "lee-talk 01:00", "lee-talk 1:00"), "  - lee-talk 01:00"),
    "a question twice": (
        replace(ANSWER, "  - what is nerve pain", "  - What is numb fingers\n  - what is nerve pain"),
        "  - what is nerve pain",
    ),
    "a tab": (replace(ANSWER, "  - what is nerve pain", "\t- what is nerve pain"), "  - what is nerve pain"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_mended(slip: str, small_knowledge: Path) -> None:
    edit, mended = SLIPS[slip]
    edit(small_knowledge)
    outcome = CliRunner().invoke(command, ["--fix", "--quick", "--knowledge", str(small_knowledge)])
    assert f"mended {ANSWER}:" in outcome.output
    assert outcome.exit_code == 0, outcome.output
    assert mended in (small_knowledge / ANSWER).read_text("utf-8").splitlines()
    assert fix_folder(small_knowledge) == {}, "nothing is left to mend"


def test_a_remark_of_staff_is_left_alone(small_knowledge: Path) -> None:
    replace(ANSWER, "  - what is nerve pain", "  - what is nerve pain  # heard at the desk: twice")(small_knowledge)
    assert fix_folder(small_knowledge) == {}


def test_line_ends_and_byte_order_mark_are_made_plain(small_knowledge: Path) -> None:
    path = small_knowledge / ANSWER
    plain = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n").rstrip())
    assert len(fix_folder(small_knowledge)[ANSWER]) == 3
    assert path.read_bytes() == plain


def test_the_real_knowledge_base_needs_no_mending_that_changes_a_text(knowledge_copy: Path) -> None:
    before = {path: _read(path.read_text("utf-8")) for path in knowledge_copy.glob("*/*.md")}
    fix_folder(knowledge_copy)
    assert {path: _read(path.read_text("utf-8")) for path in before} == before


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85")), max_size=6
    )
)
def test_whatever_stands_there_mending_twice_is_mending_once(items: list[str]) -> None:
    text = (
        "---\ntitle: x\nquestions:\n"
        + "\n".join(f"  - {item}" for item in items)
        + "\nconsult: y\n---\nThe text: # as *it* is.\n"
    )
    once, _ = fixed(text)
    assert fixed(once) == (once, [])
    assert once.endswith("---\nThe text: # as *it* is.\n")


def _read(text: str) -> tuple[object, str]:
    parsed = parse_markdown(text, AnswerFields, "file")
    return parsed.fields, parsed.body
