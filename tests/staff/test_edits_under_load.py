"""A thousand edits while patients ask a running assistant: no request fails, and nobody gets half a file."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.separate_assistant import SeparateAssistant
from tests.talk import Conversation

EDITS = 1000
PATIENTS = 4
#: Seconds between two edits: faster than staff save, slower than a burst that would be read as one.
PAUSE = 0.05
#: The answers that are edited, and what is asked for them.
EDITED = {
    "occipital-neuralgia/what-it-is": "What is occipital neuralgia?",
    "cervicogenic-headache/what-it-is": "What is cervicogenic headache?",
    "autoimmune/what-is-raynauds": "What is Raynaud's?",
    "neck-pain/magnesium-to-prevent-migraine": "Does magnesium prevent migraine?",
}
MARK = re.compile(r"\[edit (\d+)\]")


@pytest.fixture
def assistant(tmp_path: Path, model: Path, knowledge_copy: Path) -> Iterator[SeparateAssistant]:
    settings = {"KNOWLEDGE_FOLDER": str(knowledge_copy)}
    with SeparateAssistant(tmp_path / "server", model, (PROJECT / "credentials.yml").read_text("utf-8"),
                           (PROJECT / "endpoints.yml").read_text("utf-8"), settings) as running:
        yield running


class Editor:
    """Marks the first and the last paragraph of a file with the number of the edit."""

    def __init__(self, path: Path):
        self.path = path
        self.head, self.body = path.read_text("utf-8").split("\n---\n", 1)

    def save(self, number: int) -> None:
        """Write over the file, as an editor does; every tenth time into a new file that takes its place."""
        text = f"{self.head}\n---\n{self.body.strip()} [edit {number}]\n\nThe end. [edit {number}]\n"
        if number % 10:
            self.path.write_text(text, "utf-8")
        else:
            fresh = self.path.with_suffix(".tmp")
            fresh.write_text(text, "utf-8")
            fresh.replace(self.path)


def last_edits_are_live(assistant: SeparateAssistant) -> bool:
    said = (Conversation(assistant.url).say(question).text for question in EDITED.values())
    return all(set(MARK.findall(text)) == {str(EDITS + 1)} for text in said)


@pytest.mark.slow
def test_a_thousand_edits_while_patients_ask(assistant: SeparateAssistant, knowledge_copy: Path) -> None:
    editors = [Editor(knowledge_copy / f"{answer}.md") for answer in EDITED]
    faults: list[str] = []
    asked, versions = [0] * PATIENTS, set()
    done = threading.Event()

    def ask_on(patient: int) -> None:
        questions = list(EDITED.values())
        while not done.is_set():
            question = questions[asked[patient] % len(questions)]
            try:
                said = Conversation(assistant.url).say(question)
            except Exception as error:
                faults.append(f"{question}: {error!r}")
                continue
            asked[patient] += 1
            marks = MARK.findall(said.text)
            if said.kind != "answer":
                faults.append(f"{question}: {said.kind}")
            elif marks and (len(marks) != 2 or len(set(marks)) != 1):
                faults.append(f"{question}: half a file, {marks}")
            versions.update(marks)

    patients = [threading.Thread(target=ask_on, args=(number,)) for number in range(PATIENTS)]
    for thread in patients:
        thread.start()
    for number in range(1, EDITS + 1):
        editors[number % len(editors)].save(number)
        time.sleep(PAUSE)
    for editor in editors:
        editor.save(EDITS + 1)
    until = time.monotonic() + 60
    while not (live := last_edits_are_live(assistant)) and time.monotonic() < until:
        time.sleep(0.2)
    done.set()
    for thread in patients:
        thread.join()
    assert faults == []
    assert min(asked) > 100, "every patient was answered all the while"
    assert len(versions) > 10, "many versions went live on the way"
    assert live, "the last edits reach patients"
    print(f"{EDITS} edits, {sum(asked)} questions answered, {len(versions)} versions seen")
