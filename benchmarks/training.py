"""Trains both assistants into var/bench, timed; Rasa's default one is trained once and kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.default_project import write_project
from benchmarks.plan import EXAMPLES_EACH, Plan
from benchmarks.thinned_project import write_thinned
from bot.knowledge_base import KnowledgeBase
from bot.serving import RASA, training_environment
from bot.settings import PROJECT


@dataclass(frozen=True)
class Trained:
    """A model, the folder of its project, and the seconds that its training took (``measured_now``: in this run)."""

    model: Path
    project: Path
    seconds: float
    measured_now: bool = True


def train_ours(folder: Path) -> Trained:
    """Train this assistant from its files, without anything kept of earlier trainings.

    Raises:
        RuntimeError: when training fails, with the end of its log.
    """
    return Trained(*_train(PROJECT, folder / "ours", training_environment(), RASA))


def train_ours_thinned(folder: Path, knowledge_folder: Path) -> Trained:
    """Train this assistant on as few examples of a knowledge folder as Rasa's default one gets.

    Raises:
        RuntimeError: when training fails, with the end of its log.
    """
    project = folder / "thinned"
    knowledge = write_thinned(PROJECT, knowledge_folder, project, EXAMPLES_EACH)
    return Trained(*_train(project, project / "models", {**training_environment(), "KNOWLEDGE_FOLDER": str(knowledge)}, RASA))


def train_default(folder: Path, knowledge: KnowledgeBase, plan: Plan) -> Trained:
    """Train Rasa's default assistant, unless a model of the same content and number of epochs is there.

    Raises:
        RuntimeError: when training fails, with the end of its log.
    """
    draft = folder / "default-draft"
    shutil.rmtree(draft, ignore_errors=True)
    write_project(draft, knowledge, PROJECT / "data" / "nlu", plan.epochs, EXAMPLES_EACH)
    project = folder / f"default-{_fingerprint(draft)}"
    note = project / "trained.json"
    if note.is_file():
        shutil.rmtree(draft)
        kept = json.loads(note.read_text())
        return Trained(project / "models" / kept["model"], project, kept["seconds"], measured_now=False)
    shutil.rmtree(project, ignore_errors=True)
    draft.rename(project)
    trained = Trained(*_train(project, project / "models", default_environment(), "rasa"))
    note.write_text(json.dumps({"model": trained.model.name, "seconds": trained.seconds}))
    return trained


def default_environment() -> dict[str, str]:
    """The environment of Rasa's default assistant: as the operator has it, without telemetry."""
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def _train(project: Path, out: Path, variables: dict[str, str], program: str) -> tuple[Path, Path, float]:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    log = out / "training.log"
    start = time.monotonic()
    with log.open("wb") as written:
        done = subprocess.run([sys.executable, "-m", program, "train", "--force", "--out", str(out)], cwd=project,
                              env=variables, stdout=written, stderr=subprocess.STDOUT)
    seconds = time.monotonic() - start
    models = list(out.glob("*.tar.gz"))
    if done.returncode or not models:
        told = "\n".join(log.read_text("utf-8", "replace").splitlines()[-12:])
        raise RuntimeError(f"training ended with status {done.returncode} ({log} says why): {told[-1500:]}")
    return models[0], project, seconds


def _fingerprint(folder: Path) -> str:
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        seen.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return seen.hexdigest()[:12]
