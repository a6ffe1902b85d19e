"""Edits while patients ask: nobody ever gets half a file, and what is broken never goes live."""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge_base import KnowledgeBase, LiveKnowledgeBase
from tests.staff import small
from tests.staff.small import ANSWER, first_sentence, other_answer, replace

EDITS = 1000
FILES = 12


@pytest.fixture
def live(small_knowledge: Path) -> Iterator[LiveKnowledgeBase]:
    watched = LiveKnowledgeBase(small_knowledge)
    watched.watch()
    yield watched
    watched.close()


def wait_until(happened: object, within: float = 60.0) -> float:
    """The seconds until a call is true; fails after ``within``, which only a hang takes (how soon is a benchmark's)."""
    start = time.monotonic()
    while time.monotonic() - start < within:
        if happened():  # type: ignore[operator]
            return time.monotonic() - start
        time.sleep(0.01)
    raise AssertionError(f"it did not happen within {within} s")


def test_a_changed_a_new_and_a_deleted_answer_go_live(live: LiveKnowledgeBase) -> None:
    first_sentence("Nerve pain is new now.")(live.root)
    wait_until(lambda: "new now" in live.current.answers["nerves/what-it-is"].body)
    other_answer("nerves/shins.md")(live.root)
    wait_until(lambda: "nerves/shins" in live.current.answers)
    (live.root / "nerves/shins.md").unlink()
    wait_until(lambda: "nerves/shins" not in live.current.answers)


def test_an_edit_made_while_watching_begins_goes_live(small_knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = LiveKnowledgeBase(small_knowledge)
    read_first, edits = watched.reload, iter([first_sentence("Nerve pain is new now.")])

    def reload() -> bool:
        taken = read_first()
        for edit in edits:
            edit(small_knowledge)
        return taken

    monkeypatch.setattr(watched, "reload", reload)
    watched.watch()
    wait_until(lambda: "new now" in watched.current.answers["nerves/what-it-is"].body)
    watched.close()


def test_a_broken_file_is_refused_and_the_last_good_version_stays(
    live: LiveKnowledgeBase, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.current
    with caplog.at_level(logging.ERROR):
        replace(ANSWER, "consult: neurologist", "consult: plumber")(live.root)
        wait_until(lambda: live.problems)
    assert live.current is before
    [problem] = live.problems
    assert (problem.file, problem.field) == (ANSWER, "consult")
    assert f"{ANSWER}:{problem.line}] error: consult: names “plumber”" in caplog.text
    replace(ANSWER, "consult: plumber", "consult: neurologist")(live.root)
    wait_until(lambda: not live.problems)


def test_a_file_saved_in_two_halves_is_taken_whole(live: LiveKnowledgeBase) -> None:
    path, before = live.root / ANSWER, live.current.answers["nerves/what-it-is"].body
    whole = path.read_text("utf-8").replace("for weeks.", "for weeks. The very end.")
    half = whole.index("Some people feel it")
    seen: set[str] = set()
    done = threading.Event()

    def read_on() -> None:
        while not done.is_set():
            live.reload()
            seen.add(live.current.answers["nerves/what-it-is"].body)

    reader = threading.Thread(target=read_on)
    reader.start()
    with path.open("w", encoding="utf-8") as file:
        for part in (whole[:half], whole[half:]):
            file.write(part)
            file.flush()
            time.sleep(0.05)
    wait_until(lambda: live.current.answers["nerves/what-it-is"].body.endswith("The very end."))
    done.set()
    reader.join()
    assert seen <= {before, live.current.answers["nerves/what-it-is"].body}, (
        "nothing but the old and the new text, whole"
    )


@pytest.mark.slow
def test_a_thousand_edits_during_load(live: LiveKnowledgeBase) -> None:
    """Writers save as bad editors do (cut to nothing, then write in pieces); readers read all the while."""
    for number in range(FILES):
        other_answer(f"nerves/part-{number}.md", f"what is part {number}")(live.root)
        replace(f"nerves/part-{number}.md", "Why do shins prickle?", f"Why does part {number} prickle?")(live.root)
        save(live.root, number, 0)
    wait_until(lambda: len(live.current.answers) == 3 + FILES)
    done, faults, reads, versions = threading.Event(), [], [0, 0, 0], set()

    def read_on(reader: int) -> None:
        while not done.is_set():
            knowledge = live.current
            fault = half_file(knowledge)
            if fault:
                faults.append(fault)
            versions.add(knowledge.version)
            reads[reader] += 1
            time.sleep(0.001)

    readers = [threading.Thread(target=read_on, args=(number,)) for number in range(len(reads))]
    for thread in readers:
        thread.start()
    chance = random.Random(5)
    part = 0
    for edit in range(1, EDITS + 1):
        part = chance.randrange(FILES) if edit % 50 != 1 else part
        save(live.root, part, edit, broken=edit % 50 == 0)
        time.sleep(chance.random() * 0.02)
    for number in range(FILES):
        save(live.root, number, EDITS + 1)
    wait_until(lambda: all(edit_of(live.current, number) == EDITS + 1 for number in range(FILES)))
    done.set()
    for thread in readers:
        thread.join()
    assert faults == []
    assert min(reads) > EDITS
    assert len(versions) > 10, "many versions went live on the way"
    print(f"{EDITS} edits, {sum(reads)} reads, {len(versions)} versions seen, {live.refused_edits} refused")


def save(root: Path, number: int, edit: int, broken: bool = False) -> None:
    """Save a part with its edit's number at its begin and end, in pieces as a slow editor does."""
    path = root / f"nerves/part-{number}.md"
    head = small._answer(f"Why does part {number} prickle?", 0, "lee-talk 01:00", "nerves/how-long")
    start, _, rest = head.partition("questions:\n")
    head = f"{start}questions:\n  - what is part {number}\n" + rest[rest.index("sources:") :].rsplit("---\n", 1)[0]
    if broken:
        head = head.replace("consult: neurologist", "consult: nobody")
    text = f"{head}---\nBegin {edit}.\n\n{'Some words in between. ' * 20}\n\nEnd {edit}.\n"
    with path.open("w", encoding="utf-8") as file:
        for begin in range(0, len(text), 400):
            file.write(text[begin : begin + 400])
            file.flush()
            time.sleep(0.002)


def edit_of(knowledge: KnowledgeBase, number: int) -> int:
    return int(re.search(r"Begin (\d+)\.", knowledge.answers[f"nerves/part-{number}"].body)[1])  # type: ignore[index]


def half_file(knowledge: KnowledgeBase) -> str:
    """What shows that some file of a version is not whole; "" where all are."""
    if len(knowledge.answers) != 3 + FILES:
        return f"{len(knowledge.answers)} answers"
    for number in range(FILES):
        body = knowledge.answers[f"nerves/part-{number}"].body
        marks = re.findall(r"(?:Begin|End) (\d+)\.", body)
        if len(marks) != 2 or marks[0] != marks[1] or (int(marks[0]) % 50 == 0 and marks[0] != "0"):
            return f"part {number}: {marks}"
    return ""
