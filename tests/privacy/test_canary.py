"""Canaries: what a patient gives away of themselves, sent through every channel, is then looked for everywhere.

A channel is one row of `CHANNELS`: a patient (patients.py) who says every sentence through it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.settings import PROJECT
from tests.privacy.patients import OneOffPatient, Patient, RestPatient, TelegramPatient, WebPatient
from tests.separate_assistant import SeparateAssistant

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
CHANNELS: dict[str, type[Patient]] = {
    "rest": RestPatient,
    "rest, one-off": OneOffPatient,
    "web": WebPatient,
    "telegram": TelegramPatient,
}
PERSONAL_TABLES = ("conversations", "transcript_turns", "exchanges", "feedback", "unanswered")


@dataclass(frozen=True)
class Talk:
    """An assistant and the patients who have spoken to it."""

    assistant: SeparateAssistant
    patients: list[Patient]

    @property
    def known_by(self) -> list[str]:
        """What the patients' channels carry of them."""
        return [known for patient in self.patients for known in patient.known_by]

    @property
    def identities(self) -> list[str]:
        """What tells who the patients are, by their own words and by what their channels carry."""
        return [*IDENTITIES, *self.known_by]

    @property
    def kept(self) -> list[Patient]:
        """The patients of whose turns something may be stored."""
        return [patient for patient in self.patients if patient.leaves_something]

    def files(self) -> dict[str, str]:
        """Every file of the data folder, by its name."""
        data = self.assistant.folder / "data"
        return {str(path.relative_to(data)): path.read_bytes().decode("latin-1") for path in data.rglob("*") if path.is_file()}

    def tables(self) -> dict[str, str]:
        """Every table's rows."""
        made = sa.create_engine(self.assistant.database_url)
        with made.connect() as connection:
            return {table: str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in sa.inspect(made).get_table_names()}


@pytest.fixture(scope="module", params=["--verbose", "--debug"])
def after_the_talk(request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """An assistant that heard every sentence through every channel, its log at one level."""
    credentials = "".join(patient.credentials for patient in CHANNELS.values())
    endpoints = (PROJECT / "endpoints.yml").read_text()
    assistant = SeparateAssistant(tmp_path_factory.mktemp("canary"), model, credentials, endpoints, {}, request.param)
    talk = Talk(assistant, [patient(assistant) for patient in CHANNELS.values()])
    for patient in talk.patients:
        assistant.settings |= patient.settings
    try:
        with assistant:
            for patient in talk.patients:
                patient.arrive()
                for sentence in SENTENCES:
                    patient.say(sentence)
            assistant.wait_for_rows("transcript_turns", len(talk.kept) * len(SENTENCES))
            yield talk
    finally:
        for patient in talk.patients:
            patient.leave()


def found_in(text: str, canaries: list[str]) -> list[str]:
    """Canaries that a text holds, whatever the case and the spaces between digits.

    A number counts where it stands by itself, or is long: hashes and microseconds hold any four digits now and then.
    """
    folded = text.lower()
    digits = re.sub(r"[\s().-]", "", folded)

    def holds(canary: str) -> bool:
        if not canary.isdigit():
            return canary.lower() in folded
        return bool(re.search(rf"(?<![0-9a-z]){canary}(?![0-9a-z])", folded)) or (len(canary) > 6 and canary in digits)

    return [canary for canary in canaries if holds(canary)]


def test_no_file_of_the_data_folder_holds_an_identity(after_the_talk: Talk):
    files = after_the_talk.files()
    assert "assistant.db" in files
    for name, text in files.items():
        assert not found_in(text, after_the_talk.identities), name


def test_no_table_holds_an_identity_and_the_transcript_is_there(after_the_talk: Talk):
    tables, talks = after_the_talk.tables(), len(after_the_talk.kept)
    for table, rows in tables.items():
        assert not found_in(rows, after_the_talk.identities), table
    assert tables["transcript_turns"].count("my name is [name]") == talks, "the test would prove nothing if nothing had been stored"
    assert tables["unanswered"].count("parrot") == talks
    assert not found_in(tables["conversations"], WORDS_OF_A_PATIENT), "where a conversation stands is kept without words"
    assert not found_in(tables["exchanges"], WORDS_OF_A_PATIENT)
    stored = [after_the_talk.assistant.rows(table) for table in ("conversations", "transcript_turns", "exchanges")]
    assert stored == [talks, talks * len(SENTENCES), talks * len(SENTENCES)], "one-off senders leave nothing"


def test_no_line_of_the_log_holds_a_word(after_the_talk: Talk):
    log = after_the_talk.assistant.log
    assert "Rasa server is up and running" in log
    assert not found_in(log, [*after_the_talk.identities, *WORDS_OF_A_PATIENT, *SENTENCES])


def test_nothing_of_the_patient_is_left_elsewhere_in_the_project(after_the_talk: Talk):
    """Rasa keeps caches of its own; this talk must be in none."""
    known = [*IDENTITIES[:3], *after_the_talk.known_by]
    for folder in (PROJECT / ".rasa", PROJECT / "var"):
        for path in folder.rglob("*") if folder.is_dir() else []:
            if path.is_file() and path.stat().st_size < 50_000_000:
                assert not found_in(path.read_bytes().decode("latin-1"), known), path


def test_after_deletion_nothing_of_the_conversation_is_left(after_the_talk: Talk):
    """Each patient deletes in the channel's own way, and only what is theirs."""
    assistant, left = after_the_talk.assistant, len(after_the_talk.kept)
    for patient in after_the_talk.kept:
        patient.delete()
        left -= 1
        assert assistant.rows("conversations") == left, type(patient).__name__
        assert assistant.rows("transcript_turns") == left * len(SENTENCES), type(patient).__name__
    time.sleep(1)  # a turn that were written late would bring something back
    assert [assistant.rows(table) for table in PERSONAL_TABLES] == [0] * len(PERSONAL_TABLES)
    for name, text in after_the_talk.files().items():
        assert not found_in(text, [*after_the_talk.identities, *WORDS_OF_A_PATIENT]), name
    assert not found_in(assistant.log, [*after_the_talk.identities, *WORDS_OF_A_PATIENT])
