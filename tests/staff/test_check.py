"""Every kind of fault in the content is caught, with a message that names the file and the field."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli.check import command
from bot.knowledge_base import KnowledgeBase
from bot.settings import PROJECT
from bot.staff.checking import check, told
from bot.staff.question_vectors import QuestionVectors
from tests.staff.faults import FAULTS, NOTES, REFUSED
from tests.staff.small import ANSWER, add, first_sentence, replace


@pytest.fixture(scope="module")
def vectors() -> QuestionVectors:
    return QuestionVectors()


def test_the_small_knowledge_base_has_no_fault(small_knowledge: Path, vectors: QuestionVectors) -> None:
    findings = check(small_knowledge, vectors.encode)
    assert told(findings) == "3 answers, 75 questions, 1 red flags checked: 0 to mend, 0 to judge. All is well."


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_go_live_is_refused(kind: str, small_knowledge: Path) -> None:
    edit, file, field, words = REFUSED[kind]
    edit(small_knowledge)
    findings = check(small_knowledge)
    found = [p for p in findings.refused if p.file == file and p.field == field and words in p.what]
    assert found, told(findings)
    assert not findings.passed
    assert all(p.do for p in found), "every message says what to do"


@pytest.mark.parametrize("kind", FAULTS)
def test_faulty_content_fails_the_check(kind: str, small_knowledge: Path) -> None:
    edit, file, field, words = FAULTS[kind]
    edit(small_knowledge)
    findings = check(small_knowledge)
    assert not findings.refused, told(findings)
    found = [p for p in findings.faults if p.file == file and p.field == field and words in p.what]
    assert found, told(findings)
    assert all(p.do and p.line for p in found), "every message says where and what to do"


@pytest.mark.parametrize("kind", NOTES)
def test_doubtful_content_is_shown(kind: str, small_knowledge: Path, vectors: QuestionVectors) -> None:
    edit, file, field, words = NOTES[kind]
    edit(small_knowledge)
    findings = check(small_knowledge, vectors.encode)
    everything = findings.notes
    if kind in ("nearly the same question", "same but for a comma"):
        # The pair is told at the later of its two files.
        assert any(
            ANSWER[:-3] in f"{p.file} {p.what}" and "nerves/how-long" in f"{p.file} {p.what}" and words in p.what
            for p in everything
        ), told(findings)
        return
    assert [p for p in everything if p.file == file and p.field == field and words in p.what], told(findings)
    assert not findings.refused


@pytest.mark.parametrize(
    "sentence",
    [
        "Nerve pain is not something that rest will cure.",
        "Nerve pain went from one pill to another, Dr. Lee says.",
        "Nerve pain lasts four hours to three days.",
        "Nerve pain comes in 42.5% of people.",
        "If you have migraine, nerve pain may come with it.",
        "Nerve pain does not mean you should stop a medicine.",
        "It is not so, say Dr. Lee and Dr. Sjögren's team.",
    ],
)
def test_careful_wording_is_let_through(sentence: str, small_knowledge: Path) -> None:
    first_sentence(sentence)(small_knowledge)
    assert [p for p in check(small_knowledge).faults if p.field == "text"] == []


def test_all_faults_are_told_at_once_and_with_their_lines(small_knowledge: Path) -> None:
    for edit, *_ in (
        REFUSED["unknown source"],
        REFUSED["broken link"],
        FAULTS["phone without digits"],
        NOTES["file nobody reads"],
    ):
        edit(small_knowledge)
    replace("nerves/how-long.md", "consult: neurologist", "consult: plumber")(small_knowledge)
    outcome = CliRunner().invoke(command, ["--quick", "--knowledge", str(small_knowledge)])
    assert outcome.exit_code == 1
    rows = (small_knowledge / ANSWER).read_text().splitlines()
    assert f"[{ANSWER}:{rows.index('  - lees-talk 01:00') + 1}] error: sources:" in outcome.output
    for words in ("nerves/how-short", "unknown in clinic.yml", "nobody can call", "never read"):
        assert words in outcome.output


def test_notes_alone_pass_unless_strict(small_knowledge: Path) -> None:
    NOTES["misspelled"][0](small_knowledge)
    quick = ["--quick", "--knowledge", str(small_knowledge)]
    assert CliRunner().invoke(command, quick).exit_code == 0
    assert CliRunner().invoke(command, [*quick, "--strict"]).exit_code == 1


def test_the_same_note_on_many_files_is_one_line(small_knowledge: Path) -> None:
    text = (small_knowledge / ANSWER).read_text("utf-8")
    for number in range(8):
        add(f"nerves/copy-{number}.txt", text)(small_knowledge)
    findings = check(small_knowledge)
    assert told(findings).count("never read") == 1
    assert told(findings, every=True).count("never read") == 8


def test_vectors_are_kept_and_only_new_questions_are_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = QuestionVectors(tmp_path / "kept", tmp_path / "no models")
    made = first.encode(["what is nerve pain", "who helps"])
    first.keep(["what is nerve pain", "who helps"])
    again = QuestionVectors(tmp_path / "kept", tmp_path / "no models")
    monkeypatch.setattr("bot.nlu.examples.shared_encoder", lambda: pytest.fail("nothing is new"))
    assert np.allclose(again.encode(["who helps", "what is nerve pain"]), made[[1, 0]], atol=2e-3)


def test_kept_vectors_that_are_damaged_are_made_again(tmp_path: Path) -> None:
    first = QuestionVectors(tmp_path / "kept", tmp_path)
    first.keep(["who helps"])
    (tmp_path / "kept" / "vectors.npy").write_bytes(b"half a fi")
    assert QuestionVectors(tmp_path / "kept", tmp_path).encode(["who helps"]).shape == (1, 384)


def test_the_real_knowledge_base_is_checked_within_ten_seconds(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    """In seconds of processor time, so that a busy machine does not fail it: on two free cores it is quicker."""
    root = PROJECT / "knowledge"
    first = QuestionVectors(tmp_path / "kept")
    first.keep([question.lower() for answer in knowledge.answers.values() for question in answer.questions])
    start = time.process_time()
    findings = check(root, QuestionVectors(tmp_path / "kept").encode)
    taken = time.process_time() - start
    print(f"{len(knowledge.answers)} answers checked in {taken:.1f} s of processor time")
    assert findings.refused == []
    assert taken < 10
