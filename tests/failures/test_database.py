"""A database gone at the start, gone in the middle, hanging, and a full disk: answers go on, nothing stored is lost."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import free_port
from tests.failures.conftest import Assistant, Timed, assistant
from tests.talk import Said

QUESTIONS = ["what is cervicogenic headache?", "how is it treated?", "thanks"]


def talk(patient: Timed) -> None:
    """A short conversation that must go on whatever the database does."""
    assert [patient.say(question).kind for question in QUESTIONS] == ["answer", "answer", "smalltalk"]


@contextmanager
def away_for_a_while(file: Path) -> Iterator[None]:
    """In the place of an SQLite file stands a folder; then all of its parts come back as they were."""
    away = file.with_name("away")
    away.mkdir()
    for part in file.parent.glob("assistant.db*"):
        part.rename(away / part.name)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        for part in file.parent.glob("assistant.db*"):
            part.unlink()
        for part in away.iterdir():
            part.rename(file.parent / part.name)
        away.rmdir()


def test_an_sqlite_file_gone_at_the_start(model: Path, tmp_path: Path):
    file = tmp_path / "data" / "assistant.db"
    file.mkdir(parents=True)  # where the file should be, there is something that is no database
    with assistant(tmp_path / "server", model, f"sqlite:///{file}") as started:
        talk(started.conversation())
        assert "The database is down" in started.log
        file.rmdir()
        assert wait_for(lambda: started.rows("exchanges") == len(QUESTIONS)), "what waited in memory is written"
        talk(started.conversation())
        assert started.wait_for_rows("exchanges", 2 * len(QUESTIONS)) == 2 * len(QUESTIONS)


def test_an_sqlite_file_that_can_not_be_read_for_a_while(breakable: Assistant):
    file = Path(breakable.database_url.removeprefix("sqlite:///"))
    patient = breakable.conversation()
    talk(patient)
    time.sleep(0.5)
    before = breakable.rows("exchanges")
    with away_for_a_while(file):
        assert patient.say("tell me more").kind in ("answer", "clarify"), "it still knows what it was about"
        talk(breakable.conversation())
    assert breakable.wait_for_rows("exchanges", before + 4) == before + 4
    talk(patient)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit another process's files")
def test_a_full_disk(breakable: Assistant):
    patient = breakable.conversation()
    talk(patient)
    time.sleep(0.5)
    before = breakable.rows("exchanges")
    limits = resource.prlimit(breakable.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(breakable.process.pid, resource.RLIMIT_FSIZE, (1024, limits[1]))
    try:
        assert patient.say("tell me more").kind in ("answer", "clarify")
        talk(breakable.conversation())
        assert breakable.rows("exchanges") == before
    finally:
        resource.prlimit(breakable.process.pid, resource.RLIMIT_FSIZE, limits)
    assert breakable.wait_for_rows("exchanges", before + 4) == before + 4


def deletes(patient: Timed) -> Said:
    """What is said to a patient who asks for deletion and confirms it."""
    assert patient.say("delete my data").kind == "privacy"
    return patient.say("/affirm")


def test_deleting_while_the_database_is_gone_is_not_said_to_be_done(breakable: Assistant):
    file = Path(breakable.database_url.removeprefix("sqlite:///"))
    patient = breakable.conversation()
    talk(patient)
    patient.say("delete my data")
    time.sleep(0.5)
    before = breakable.rows("conversations")
    with away_for_a_while(file):
        said = patient.say("/affirm")
        assert (said.kind, said.reply.get("forgotten")) == ("unavailable", None)
    # The writer looks for the database by itself; when it finds it is no matter here.
    until = time.monotonic() + 30
    while not (said := deletes(patient)).reply.get("forgotten") and time.monotonic() < until:
        time.sleep(0.5)
    assert said.reply["forgotten"] is True
    assert breakable.rows("conversations") == before - 1


@pytest.fixture
def database() -> Iterator[postgres.PostgreSQL]:
    if why := postgres.missing():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)
    server = postgres.PostgreSQL(folder / "server", free_port())
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.mark.services
@pytest.mark.slow
def test_postgresql_gone_at_the_start_stopped_and_hanging(model: Path, tmp_path: Path, database: postgres.PostgreSQL):
    with assistant(tmp_path / "server", model, database.address) as started:
        said = len(QUESTIONS)
        patient = started.conversation()
        talk(patient)  # there has been no PostgreSQL yet
        database.start()
        assert wait_for(lambda: started.rows("exchanges") == said), "what waited in memory is written"
        talk(patient)
        assert wait_for(lambda: started.rows("exchanges") == 2 * said)
        database.stop()
        assert patient.say("tell me more").kind in ("answer", "clarify"), "it still knows what it was about"
        talk(started.conversation())
        database.start()
        assert wait_for(lambda: started.rows("exchanges") == 3 * said + 1)
        database.freeze()
        try:
            talk(patient)
            talk(started.conversation())
        finally:
            database.thaw()
        assert wait_for(lambda: started.rows("exchanges") == 5 * said + 1)
        assert started.wait_for_rows("conversations", 3) == 3


def wait_for(what: Callable[[], bool], within: float = 20) -> bool:
    """Whether something comes true in time; a database that is not there yet makes it untrue."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if what():
                return True
        except Exception:  # noqa: S110 - not there yet
            pass
        time.sleep(0.2)
    return False
