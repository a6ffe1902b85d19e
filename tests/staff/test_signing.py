"""Signing off writes who, when and the hash of what was read, and touches no other line."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.review import command, list_due, sign
from bot.knowledge_base import read
from bot.knowledge_base.reading import Reader
from bot.knowledge_base.signing import CannotSign, find, sign_file, signed
from bot.settings import settings
from tests.staff.clock import EARLIER, LATER, TODAY
from tests.staff.small import ANSWER, FLAG, first_sentence, replace

UNSIGNED = """---
title: What is it?
review:   # filled in by the clinic
  status: awaiting clinician review   # by whom?
  written: 2026-01-05
  due: '2027-01-05'
note: "keep # this: as it is"
---
The text.

  Two spaces  and a tab\there.
"""


@pytest.fixture
def edited(small_knowledge: Path) -> Path:
    first_sentence("Nerve pain is a pain that begins in a nerve.")(small_knowledge)
    return small_knowledge


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_only_the_lines_of_the_review_change() -> None:
    after = signed(UNSIGNED, 'Dr. Zoë "Zo" O\'Neil', TODAY, "0123456789012345", LATER)
    assert changed_lines(UNSIGNED, after) == [
        "-   status: awaiting clinician review   # by whom?",
        "+   status: reviewed   # by whom?",
        "-   due: '2027-01-05'",
        f"+   due: {LATER}",
        '+   by: "Dr. Zoë \\"Zo\\" O\'Neil"',
        f"+   on: {TODAY}",
        '+   digest: "0123456789012345"',
    ]


def test_signing_again_replaces_the_signature() -> None:
    once = signed(UNSIGNED, "Dr. A", EARLIER, "a" * 16, TODAY)
    assert signed(once, "Dr. B", TODAY, "b" * 16, LATER) == signed(UNSIGNED, "Dr. B", TODAY, "b" * 16, LATER)


def test_line_ends_of_windows_stay() -> None:
    after = signed(UNSIGNED.replace("\n", "\r\n"), "Dr. A", TODAY, "a" * 16, LATER)
    assert after == signed(UNSIGNED, "Dr. A", TODAY, "a" * 16, LATER).replace("\n", "\r\n")


def test_a_review_on_one_line_is_opened_up() -> None:
    review = "review: {status: awaiting clinician review, written: 2026-01-05, due: 2027-01-05}  # old"
    flat = f"---\ntitle: x\n{review}\nconsult: y\n---\nText.\n"
    after = signed(flat, "Dr. A", TODAY, "a" * 16, LATER)
    assert after == (
        f"---\ntitle: x\nreview:  # old\n  status: reviewed\n  written: 2026-01-05\n  due: {LATER}\n"
        f'  by: "Dr. A"\n  on: {TODAY}\n  digest: "{"a" * 16}"\nconsult: y\n---\nText.\n'
    )


@pytest.mark.parametrize(
    "broken", ["no front matter", "---\ntitle: x\n---\nText.\n", "---\nreview: [\n---\n", "---\nreview: soon\n---\n"]
)
def test_a_file_without_a_review_is_refused(broken: str) -> None:
    with pytest.raises(CannotSign):
        signed(broken, "Dr. A", TODAY, "a" * 16, LATER)


def test_a_signature_counts_until_the_text_changes(edited: Path) -> None:
    knowledge = read(edited)
    assert knowledge.answers["nerves/what-it-is"].review_state == "changed since review"
    sign_file(edited, knowledge.answers["nerves/what-it-is"], "Dr. Ada Roe", TODAY, LATER)
    answer = read(edited).answers["nerves/what-it-is"]
    assert (answer.review_state, answer.review.by, answer.review.on) == ("reviewed", "Dr. Ada Roe", TODAY)
    replace(ANSWER, "Some people", "A few people")(edited)
    assert read(edited).answers["nerves/what-it-is"].review_state == "changed since review"


def test_adding_a_question_leaves_the_signature(small_knowledge: Path) -> None:
    replace(ANSWER, "questions:\n", "questions:\n  - pins and needles name\n")(small_knowledge)
    assert read(small_knowledge).answers["nerves/what-it-is"].review_state == "reviewed"


def test_a_text_that_changed_while_it_was_read_is_not_signed(edited: Path) -> None:
    shown = read(edited).answers["nerves/what-it-is"]
    replace(ANSWER, "Some people", "A few people")(edited)
    before = (edited / ANSWER).read_bytes()
    with pytest.raises(CannotSign, match="has changed since it was shown"):
        sign_file(edited, shown, "Dr. Ada Roe", TODAY, LATER)
    assert (edited / ANSWER).read_bytes() == before


@pytest.mark.parametrize(("by", "due", "words"), [("  ", LATER, "Say who signs"), ("Dr. A", TODAY, "must come after")])
def test_a_signature_needs_a_name_and_a_next_review(edited: Path, by: str, due: dt.date, words: str) -> None:
    with pytest.raises(CannotSign, match=words):
        sign_file(edited, read(edited).answers["nerves/what-it-is"], by, TODAY, due)


def test_a_red_flag_is_signed_as_well(small_knowledge: Path) -> None:
    replace(FLAG, "It needs care now.", "It needs care at once.")(small_knowledge)
    flag = find(read(small_knowledge), "red_flags/thunderclap")
    assert flag.review_state == "changed since review"
    sign_file(small_knowledge, flag, "Dr. Ada Roe", TODAY, LATER)
    assert read(small_knowledge).red_flags["thunderclap"].review_state == "reviewed"


def test_every_real_text_can_be_signed(knowledge_copy: Path) -> None:
    """One by one, byte for byte: the lines outside of the review stay."""
    reader = Reader(knowledge_copy)
    knowledge = reader.read()
    for text in [*list(knowledge.answers.values())[::25], *list(knowledge.red_flags.values())[::7]]:
        path = knowledge_copy / (f"{text.id}.md" if "/" in text.id else f"red_flags/{text.id}.md")
        before = path.read_text("utf-8")
        sign_file(knowledge_copy, text, "Dr. Ada Roe", TODAY, LATER, reader)
        changed = {line[2:].split(":")[0].strip() for line in changed_lines(before, path.read_text("utf-8"))}
        assert changed <= {"status", "due", "by", "on", "digest"}


def test_what_is_due_is_listed_the_pressing_first(edited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace("nerves/how-long.md", f"due: {LATER}", f"due: {EARLIER}")(edited)
    list_due(edited)
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].split()[:3] == ["changed", "since", "review"]
    assert "nerves/what-it-is" in rows[0]
    assert rows[1].split()[0] == "overdue"
    assert "nerves/how-long" in rows[1]
    assert rows[-1].startswith("2 of 4 texts to review.")


def test_all_signed_is_said(small_knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    list_due(small_knowledge)
    assert capsys.readouterr().out.strip() == "All 4 texts are signed off and in date."


def test_the_doctor_reads_what_is_signed_and_may_say_no(edited: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_FOLDER", str(edited))
    settings.cache_clear()
    try:
        said = ["nerves/what-it-is", "--by", "Dr. Ada Roe"]
        refused = CliRunner().invoke(command, said, input="n\n")
        for shown in (
            "Nerve pain is a pain that begins in a nerve.",
            "In short: Nerve pain starts in a nerve.",
            "Dr. Lee, at 1:00",
            "a neurologist",
            "Last signed by Dr. Jo May",
            "Not signed.",
        ):
            assert shown in refused.output
        assert read(edited).answers["nerves/what-it-is"].review_state == "changed since review"
        assert "Signed: what-it-is.md" in CliRunner().invoke(command, said, input="y\n").output
        assert read(edited).answers["nerves/what-it-is"].review_state == "reviewed"
        missing = CliRunner().invoke(command, ["nerves/nope", "--by", "Dr. Ada Roe"])
        assert missing.exit_code == 1
        assert "There is no text “nerves/nope”" in missing.output
    finally:
        settings.cache_clear()


def test_the_next_review_keeps_its_interval(small_knowledge: Path) -> None:
    replace(ANSWER, f"due: {LATER}", f"due: {TODAY + dt.timedelta(days=180)}")(small_knowledge)
    sign(small_knowledge, ["nerves/what-it-is"], "Dr. Ada Roe", TODAY, None, yes=True)
    assert read(small_knowledge).answers["nerves/what-it-is"].review.due == TODAY + dt.timedelta(days=180)
