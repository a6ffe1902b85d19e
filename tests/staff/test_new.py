"""A new answer starts as a draft, which patients do not get until it is done."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from bot.cli.new import run
from bot.knowledge_base import read
from bot.knowledge_base.drafting import CannotDraft, address
from bot.staff.checking import check


def test_a_draft_is_written_filled_in_and_goes_live(small_knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run(small_knowledge, "nerves", "Can cold “help” Raynaud's nerves?")
    assert path == small_knowledge / "nerves/can-cold-help-raynauds-nerves.draft"
    assert "rename it to can-cold-help-raynauds-nerves.md" in capsys.readouterr().out
    assert len(read(small_knowledge).answers) == 3, "a draft disturbs nobody"
    note = next(note for note in check(small_knowledge).notes if note.file.endswith(".draft"))
    assert "it still lacks: questions, sources, consult, simpler, text" in note.what

    draft = path.read_text("utf-8")
    for empty, filled in (
        ("  - \nsources", "  - does an ice bag calm nerves\nsources"),
        ("08:04\n  - \n", "08:04\n  - lee-talk 01:00\n"),
        ("related: []", "related: [nerves/how-long]"),
        ("consult:   #", "consult: neurologist  #"),
        ("simpler:   #", "simpler: Cold may help.  #"),
    ):
        assert empty in draft
        draft = draft.replace(empty, filled)
    path.write_text(draft + "Cold may help the nerves, Dr. Lee says.\n", "utf-8")
    assert (
        "nothing is missing" in next(note for note in check(small_knowledge).notes if note.file.endswith(".draft")).what
    )
    path.rename(path.with_suffix(".md"))
    answer = read(small_knowledge).answers["nerves/can-cold-help-raynauds-nerves"]
    assert (answer.title, answer.review_state) == ("Can cold “help” Raynaud's nerves?", "awaiting review")


def test_an_unknown_topic_or_a_taken_name_is_refused(small_knowledge: Path) -> None:
    with pytest.raises(click.ClickException, match=r"no topic “bones”\. Use one of: nerves"):
        run(small_knowledge, "bones", "What are bones?")
    with pytest.raises(click.ClickException, match=r"what-it-is\.md exists already"):
        run(small_knowledge, "nerves", "What it is")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is Sjögren's?", "what-is-sjogrens"),
        ("  Heat -- or ICE?! ", "heat-or-ice"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_title_makes_a_file_name(title: str, name: str) -> None:
    assert address(title) == name


def test_a_title_without_words_is_refused() -> None:
    with pytest.raises(CannotDraft, match="no words"):
        address("???")
