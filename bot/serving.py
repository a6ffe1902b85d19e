"""Serves the assistant: a model that fits the files, Rasa and its actions started and stopped together."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.settings import PROJECT

MODELS = PROJECT / "models"
STAMP = MODELS / "trained-from.txt"
#: What a model is made from, and by. Answers and questions may change without training; these may not.
MADE_FROM, MADE_BY = ("config.yml", "domain.yml", "data/**/*.yml"), ("bot/nlu/*.py",)
NEWEST_KEPT = 2
#: The program that is `rasa`.
RASA = "bot.rasa_without_tensorflow"


def fingerprint() -> str:
    """A hash of everything that a model is made from, and one of what makes it."""
    return f"{_hash_of(MADE_FROM)} {_hash_of(MADE_BY)}"


def _hash_of(patterns: Iterable[str]) -> str:
    seen = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(PROJECT.glob(pattern)):
            seen.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return seen.hexdigest()


def newest_model() -> Path | None:
    """The model trained last, if there is one."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def is_stale() -> bool:
    """Whether there is no model, or it was made from other files than those here."""
    return newest_model() is None or not STAMP.is_file() or STAMP.read_text() != fingerprint()


def train(force: bool = False) -> Path:
    """Train a model if it is missing or stale; the path of the one to use.

    Raises:
        SystemExit: when training fails; Rasa has said why.
    """
    if not force and not is_stale():
        # A service may not be allowed to write here.
        return _newest()
    MODELS.mkdir(exist_ok=True)
    with (MODELS / ".lock").open("w") as lock:
        # Processes that start together train once: the others wait here and find the model fresh.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if force or is_stale():
            _train()
    return _newest()


def _newest() -> Path:
    model = newest_model()
    assert model is not None
    return model


def _train() -> None:
    made_from = fingerprint()
    print("Training the assistant (three or four minutes) …", flush=True)
    # `rasa data validate` is a test of its own; here it would load everything twice.
    command = [sys.executable, "-m", RASA, "train", "--skip-validation", "--out", str(MODELS)]
    # Rasa keeps what a component learnt, and does not see that a module has changed on which the component rests.
    if not STAMP.is_file() or STAMP.read_text().split()[1:] != made_from.split()[1:]:
        command.append("--force")
    done = subprocess.run(command, cwd=PROJECT, env=training_environment())
    if done.returncode:
        raise SystemExit(done.returncode)
    STAMP.write_text(made_from)
    for old in sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-NEWEST_KEPT]:
        old.unlink()


def environment() -> dict[str, str]:
    """The environment of a Rasa process: no telemetry, no warnings of libraries about each other."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore",
             "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL_LIBRARIES": "ERROR", "TF_ENABLE_ONEDNN_OPTS": "0",
             "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**quiet, **os.environ, "PYTHONPATH": str(PROJECT)}


def training_environment() -> dict[str, str]:
    """The environment of a training, which has the machine to itself."""
    return {**environment(), "OPENBLAS_NUM_THREADS": "2"}


def serve(port: int, interface: str, credentials: str, endpoints: str, model: str | None = None) -> None:
    """Serve until stopped."""
    chosen = model or str(train())
    _become_rasa("run", "--model", chosen, "--port", str(port), "--interface", interface,
                 "--credentials", credentials, "--endpoints", endpoints)


def chat(endpoints: str) -> None:
    """Talk in the terminal, through Rasa's own shell."""
    _become_rasa("shell", "--model", str(train()), "--endpoints", endpoints)


def _become_rasa(*arguments: str) -> None:
    """Replace this process by `rasa …`, so that signals reach it."""
    os.chdir(PROJECT)
    os.execve(sys.executable, [sys.executable, "-m", RASA, *arguments], environment())
