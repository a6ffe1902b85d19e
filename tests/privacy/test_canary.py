"""Canaries: what a patient gives away of themselves, sent through every channel, is then looked for everywhere.

A channel is one row of `CHANNELS`: how it is configured, and how a text is sent through it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import serving
from bot.settings import PROJECT
from tests.conftest import free_port

#: What must be nowhere. Each stands in one of the sentences, and nowhere else in the assistant.
IDENTITIES = [
    "Perpetua",
    "Quillfeather",
    "perpetua.quill@canary.example",
    "5550123987",
    "555-0198",
    "Larkspur",
    "1971",
    "943 476 5919",
    "canary.example",
    "quillbird",
    "AXZ9912345",
]
SENTENCES = [
    "Hello, my name is Perpetua Quillfeather and I was born on 4 March 1971.",
    "What is occipital neuralgia? You can reach me at perpetua.quill@canary.example or (555) 012-3987 or 555-0198.",
    "I live at 17 Larkspur Avenue, my NHS number is 943 476 5919, how common is neck pain with migraine?",
    "is the moon good for the colour of my parrot? see https://canary.example/me or @quillbird, policy no AXZ9912345",
    "The worst headache of my life came on within seconds. Thanks, Perpetua Quillfeather",
    "what did i ask before?",
    "that is not what I asked",
]
#: What may be in the transcript (it is the conversation, redacted), and must be in no log.
WORDS_OF_A_PATIENT = ["parrot", "worst headache of my life", "what did i ask", "not what I asked", "colour of my"]
SENDER = "canary-sender-4711"
METADATA = {"name": "Perpetua", "country": "Quillfeather", "mail": "perpetua.quill@canary.example"}


@dataclass(frozen=True)
class Running:
    """An assistant whose every file is in one folder."""

    url: str
    folder: Path
    database_url: str


def through_rest(running: Running, text: str) -> None:
    """As an integrator's server would send it, metadata and all."""
    body = json.dumps({"sender": SENDER, "message": text, "metadata": METADATA}).encode()
    request = urllib.request.Request(running.url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert any("reply" in (message.get("custom") or {}) for message in json.load(answer))


def through_rest_without_sender(running: Running, text: str) -> None:
    body = json.dumps({"message": text}).encode()
    request = urllib.request.Request(running.url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)


#: One row a channel: the lines of credentials.yml, and how a text is sent.
CHANNELS: dict[str, tuple[str, Callable[[Running, str], None]]] = {
    "rest": ("bot.channels.rest.RestInput:\n", through_rest),
    "rest, one-off": ("", through_rest_without_sender),
}


@pytest.fixture(scope="module", params=["--verbose", "--debug"])
def after_the_talk(
    request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """An assistant that heard every sentence through every channel, its log at one level."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "credentials.yml").write_text("".join(dict.fromkeys(lines for lines, _ in CHANNELS.values())))
    running = Running(
        f"http://127.0.0.1:{(port := free_port())}", folder, f"sqlite:///{folder / 'data' / 'assistant.db'}"
    )
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "rasa",
                "run",
                "--model",
                str(model),
                "--port",
                str(port),
                "--interface",
                "127.0.0.1",
                "--credentials",
                str(folder / "credentials.yml"),
                "--endpoints",
                "endpoints.yml",
                request.param,
            ],
            cwd=PROJECT,
            env={**serving.environment(), "DATABASE_URL": running.database_url},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_answering(running, process)
        for _, send in CHANNELS.values():
            for sentence in SENTENCES:
                send(running, sentence)
        time.sleep(2)  # the writer
        yield running
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_until_answering(running: Running, process: subprocess.Popen[bytes], within: float = 400) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None:
        try:
            through_rest_without_sender(running, "hello")
            return
        except (OSError, AssertionError):
            time.sleep(0.5)
    raise AssertionError((running.folder / "server.log").read_text(errors="replace")[-3000:])


def found_in(text: str, canaries: list[str]) -> list[str]:
    """Canaries that a text holds, whatever the case and the spaces between digits."""
    folded = text.lower()
    digits = re.sub(r"[\s().-]", "", folded)
    return [
        canary
        for canary in canaries
        if canary.lower() in folded or (canary.isdigit() and len(canary) > 6 and canary in digits)
    ]


def test_no_file_of_the_data_folder_holds_an_identity(after_the_talk: Running):
    files = [path for path in (after_the_talk.folder / "data").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        text = path.read_bytes().decode("latin-1")
        assert not found_in(text, [*IDENTITIES, SENDER]), path.name


def test_no_table_holds_an_identity_and_the_transcript_is_there(after_the_talk: Running):
    made = sa.create_engine(after_the_talk.database_url)
    with made.connect() as connection:
        tables = {
            table: str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for table in sa.inspect(made).get_table_names()
        }
        talks = connection.exec_driver_sql("SELECT count(*) FROM conversations").scalar()
        turns = connection.exec_driver_sql("SELECT count(*) FROM transcript_turns").scalar()
    for table, rows in tables.items():
        assert not found_in(rows, [*IDENTITIES, SENDER]), table
    assert "[name]" in tables["transcript_turns"], "the test would prove nothing if nothing had been stored"
    assert "parrot" in tables["unanswered"]
    assert not found_in(tables["conversations"], WORDS_OF_A_PATIENT), (
        "where a conversation stands is kept without words"
    )
    assert not found_in(tables["exchanges"], WORDS_OF_A_PATIENT)
    kept = [name for name in CHANNELS if name != "rest, one-off"]
    assert (talks, turns) == (len(kept), len(kept) * len(SENTENCES)), "one-off senders leave nothing"


def test_no_line_of_the_log_holds_a_word(after_the_talk: Running):
    log = (after_the_talk.folder / "server.log").read_text(errors="replace")
    assert "Rasa server is up and running" in log
    assert not found_in(log, [*IDENTITIES, *WORDS_OF_A_PATIENT, *SENTENCES, SENDER])


def test_nothing_of_the_patient_is_left_elsewhere_in_the_project(after_the_talk: Running):
    """Rasa keeps caches of its own; this talk must be in none."""
    for folder in (PROJECT / ".rasa", PROJECT / "var"):
        for path in folder.rglob("*") if folder.is_dir() else []:
            if path.is_file() and path.stat().st_size < 50_000_000:
                assert not found_in(path.read_bytes().decode("latin-1"), IDENTITIES[:3]), path


def test_after_deletion_nothing_of_the_conversation_is_left(after_the_talk: Running):
    through_rest(after_the_talk, "delete my data")
    through_rest(after_the_talk, "/affirm")
    time.sleep(1)
    made = sa.create_engine(after_the_talk.database_url)
    with made.connect() as connection:
        for table in ("conversations", "transcript_turns", "exchanges", "feedback", "unanswered"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
    for path in (after_the_talk.folder / "data").iterdir():
        assert b"parrot" not in path.read_bytes(), path.name
