"""Broken files are refused with file, line, field and what to do; nothing of them goes live."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.knowledge_base import BrokenKnowledge, LiveKnowledgeBase, read

ANSWER = "occipital-neuralgia/what-it-is.md"


def edit(root: Path, file: str, old: str, new: str) -> int:
    """Replace once in a file; the line on which it stood."""
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def problems(root: Path) -> list[str]:
    with pytest.raises(BrokenKnowledge) as broken:
        read(root)
    return [str(problem) for problem in broken.value.problems]


@pytest.mark.parametrize(("old", "new", "field", "words"), [
    ("title:", "titel:", "titel", "not a known field"),
    ("title:", "# title:", "title", "missing"),
    ("  - ashina-interview 11:27", "  - ashina-talk 11:27", "sources", "unknown source"),
    ("  - ashina-interview 11:27", "  - ashina-interview eleven", "sources", "locator"),
    ("consult: ", "consult: wizard-", "consult", "unknown in clinic.yml"),
    ("related: [", "related: [occipital-neuralgia/gone, ", "related", "does not exist"),
    ("  status: awaiting clinician review", "  status: fine", "review.status", "unexpected value"),
])
def test_a_broken_field_names_file_line_and_field(knowledge_copy: Path, old: str, new: str, field: str, words: str) -> None:
    line = edit(knowledge_copy, ANSWER, old, new)
    found = problems(knowledge_copy)
    assert any(problem.startswith(f"[{ANSWER}:") and f"{field}:" in problem and words in problem for problem in found), found
    if "missing" not in words:
        assert any(f"[{ANSWER}:{line}]" in problem for problem in found), (line, found)


def test_a_colon_in_a_question_is_explained(knowledge_copy: Path) -> None:
    edit(knowledge_copy, ANSWER, "questions:\n", "questions:\n  - help: what is this\n")
    assert any("must be text" in p and "quotation marks" in p for p in problems(knowledge_copy))


def test_one_question_in_two_answers_names_both(knowledge_copy: Path) -> None:
    for file in (ANSWER, "neck-pain/neck-collars.md"):
        edit(knowledge_copy, file, "questions:\n", "questions:\n  - quite the same question here\n")
    assert any("stands in neck-pain/neck-collars.md too" in p for p in problems(knowledge_copy))


def test_all_problems_are_told_at_once(knowledge_copy: Path) -> None:
    edit(knowledge_copy, ANSWER, "title:", "titel:")
    edit(knowledge_copy, "clinic.yml", "phone:", "fone:")
    (knowledge_copy / "topics.yml").write_text((knowledge_copy / "topics.yml").read_text() + "\nnew: {title: New}\n")
    found = "\n".join(problems(knowledge_copy))
    assert all(words in found for words in (ANSWER, "clinic.yml", "topics.yml"))


@pytest.mark.parametrize("file", ["sources.yml", "clinic.yml", "terms.yml", "topics.yml"])
def test_a_missing_file_is_named(knowledge_copy: Path, file: str) -> None:
    (knowledge_copy / file).unlink()
    assert any(f"[{file}]" in problem and "missing" in problem for problem in problems(knowledge_copy))


def test_an_edit_goes_live_and_a_broken_one_does_not(knowledge_copy: Path) -> None:
    live = LiveKnowledgeBase(knowledge_copy)
    live.watch()
    try:
        (knowledge_copy / "neck-pain" / "half.md").write_text("---\ntitle: half a file\n")
        wait_for(lambda: bool(live.problems))
        good = live.current
        (knowledge_copy / "neck-pain" / "half.md").unlink()
        edit(knowledge_copy, ANSWER, "title: ", "title: Changed - ")
        wait_for(lambda: live.current.answers[ANSWER[:-3]].title.startswith("Changed"))
        assert not good.answers[ANSWER[:-3]].title.startswith("Changed"), "a version in use never changes"
    finally:
        live.close()


def wait_for(condition, seconds: float = 6.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the edit was not taken up"
        time.sleep(0.05)
