"""Rasa's own commands keep working on this project: what a Rasa person types first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot import serving
from bot.settings import PROJECT

STORIES = Path(__file__).parent


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "rasa", *arguments], cwd=PROJECT, env=serving.environment(),
                          capture_output=True, text=True)


def test_data_validate_is_clean() -> None:
    done = rasa("data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "No story structure conflicts found" in done.stdout + done.stderr


def test_test_core_predicts_every_turn_of_the_test_stories(model: Path, tmp_path: Path) -> None:
    done = rasa("test", "core", "--model", str(model), "--stories", str(STORIES), "--out", str(tmp_path),
                "--endpoints", "endpoints.yml", "--fail-on-prediction-errors")
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["accuracy"] == 1.0
    assert report["conversation_accuracy"]["correct"] == report["conversation_accuracy"]["total"] > 4


def test_shell_nlu_shows_intent_ranking_and_terms(model: Path) -> None:
    typed = "how is ocipital nuralgia treated\n/stop\n"
    done = subprocess.run([sys.executable, "-m", "rasa", "shell", "nlu", "--model", str(model)], cwd=PROJECT,
                          env=serving.environment(), input=typed, capture_output=True, text=True)
    parsed, _ = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("{"):])
    assert parsed["intent"]["name"] == "ask_occipital_neuralgia"
    assert parsed["ranking"]["answers"][0]["id"] == "occipital-neuralgia/how-it-is-treated"
    assert "occipital-neuralgia" in {entity["value"] for entity in parsed["entities"]}
