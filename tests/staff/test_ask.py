"""`ask` shows what a patient would get and why, and leaves no trace in the store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT

QUESTIONS = [
    "hw lng dose ocipital nuralgia lst",
    "how is it treated?",
    "what is the capital of France",
    "my face has dropped on one side and my speech is slurred",
]


def ask(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "ask", *arguments],
        cwd=PROJECT,
        env=environment,
        text=True,
        capture_output=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def told(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict], Path]:
    """The turns of one conversation, and the folder in which a store would be."""
    folder = tmp_path_factory.mktemp("ask")
    done = ask(folder, "--model", str(model), "--json", *QUESTIONS)
    assert done.returncode == 0, done.stderr[-2000:]
    decoder, turns, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:
        turn, end = decoder.raw_decode(rest)
        turns.append(turn)
        rest = rest[end:].strip()
    return turns, folder


def test_a_misspelt_question_and_what_follows_it(told: tuple[list[dict], Path]) -> None:
    first, second = told[0][:2]
    assert first["reply"]["answer_id"] == "occipital-neuralgia/how-long-attacks-last"
    assert first["parsed"]["ranking"]["answers"][0]["score"] > first["parsed"]["ranking"]["answers"][1]["score"]
    assert second["reply"]["answer_id"] == "occipital-neuralgia/how-it-is-treated", "a conversation goes on"


def test_danger_and_what_is_not_covered(told: tuple[list[dict], Path]) -> None:
    elsewhere, danger = told[0][2:]
    assert danger["reply"]["kind"] == "emergency"
    assert danger["parsed"]["red_flag"]["sign"] == "stroke-and-deficits"
    assert elsewhere["reply"]["kind"] == "out_of_scope"


def test_nothing_is_stored(told: tuple[list[dict], Path]) -> None:
    assert list(told[1].iterdir()) == []


def test_it_is_told_in_words(model: Path, tmp_path: Path) -> None:
    done = ask(tmp_path, "--model", str(model), QUESTIONS[0])
    for words in (
        "Question: hw lng dose",
        "THE PATIENT GETS (answer)",
        "Dr. Ashina",
        "WHY",
        "Read as:    how long dose occipital neuralgia last",
        "Red flags:  none",
        "Intent:     ask_occipital_neuralgia",
        "Terms:      occipital-neuralgia (condition)",
        "    1. 1.000",
        "occipital-neuralgia/how-long-attacks-last  –  How long",
    ):
        assert words in done.stdout, f"{words}\n{done.stdout}\n{done.stderr[-1500:]}"
    assert "debug" not in done.stdout
    assert QUESTIONS[0] not in done.stderr, "no log holds what was asked"


def test_a_missing_model_is_said(tmp_path: Path) -> None:
    done = ask(tmp_path, "--model", str(tmp_path / "none.tar.gz"), "hello")
    assert done.returncode == 2
    assert "does not exist" in done.stderr
