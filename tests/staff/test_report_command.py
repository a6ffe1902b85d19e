"""`python -m bot report` writes the page, drafts an answer from a group, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from bot.cli.report import command
from bot.knowledge_base import read
from bot.knowledge_base.drafting import CannotDraft
from bot.nlu.minilm import shared_encoder
from bot.settings import settings
from bot.staff.reporting import suggest
from bot.store.reports.figures import count
from tests.staff.asked import IN_VAIN, LONG, PERIOD, a_week, fill, in_vain


def test_a_group_becomes_a_draft_with_the_patients_questions_and_no_answer(
    database: Engine, small_knowledge: Path
) -> None:
    exchanges, feedback, unanswered = a_week()
    fill(database, exchanges, feedback, [*unanswered, in_vain("is coffee bad for my [name] with migraine")])
    figures, knowledge = count(database, PERIOD), read(small_knowledge)
    path = suggest(
        figures, knowledge, shared_encoder().encode, small_knowledge, 1, title="Does coffee harm in migraine?"
    )
    assert path == small_knowledge / "nerves/does-coffee-harm-in-migraine.draft"
    draft = path.read_text("utf-8")
    for question in (*IN_VAIN["coffee"], "is coffee bad for my with migraine"):
        assert f'  - "{question}"\n' in draft
    assert f"related: [{LONG}]" in draft
    assert draft.endswith("---\n"), "the answer is for a person to write"
    assert len(read(small_knowledge).answers) == 3
    with pytest.raises(CannotDraft, match="no group 99"):
        suggest(figures, knowledge, shared_encoder().encode, small_knowledge, 99)


def test_the_command_writes_the_page_and_says_what_is_wrong(
    small_knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("KNOWLEDGE_FOLDER", str(small_knowledge))
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    try:
        out = tmp_path / "r.html"
        dates = ["--from", "2026-07-01", "--to", "2026-07-07"]
        done = CliRunner().invoke(command, [*dates, "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert "0 conversations, 0 questions, 0 in vain." in done.output
        assert out.is_file()
        backwards = CliRunner().invoke(command, ["--from", "2026-07-07", "--to", "2026-07-01"])
        assert backwards.exit_code == 1
        assert "ends (2026-07-01) before it begins" in backwards.output
        nothing = CliRunner().invoke(command, [*dates, "--suggest", "1"])
        assert nothing.exit_code == 1
        assert "There is no group 1 in this period" in nothing.output
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:5129/none")
        settings.cache_clear()
        down = CliRunner().invoke(command, dates)
        assert down.exit_code == 1
        assert "The database could not be read" in down.output
    finally:
        settings.cache_clear()
