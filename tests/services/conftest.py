"""Two real assistant processes behind nginx, with PostgreSQL and Redis, for all tests of this folder."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.proxy_words import write_proxy_words
from bot.settings import PROJECT
from tests.postgres import PostgreSQL, missing
from tests.services.assistants import Assistant
from tests.services.patients import Crowd
from tests.services.programs import Nginx, Redis

PUBLIC, PRIVATE, POSTGRES, REDIS, *ASSISTANTS = range(5141, 5149)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session")
def services_folder() -> Iterator[Path]:
    """A folder that unprivileged programs can enter, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix="assistant-services-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(services_folder: Path) -> Iterator[PostgreSQL]:
    if missing():
        pytest.skip(str(missing()))
    program = PostgreSQL(services_folder / "postgresql", POSTGRES)
    program.start()
    yield program
    program.stop()


@pytest.fixture(scope="session")
def redis(services_folder: Path) -> Iterator[Redis]:
    program = Redis(services_folder, REDIS)
    program.start()
    yield program
    program.stop()


@pytest.fixture(scope="session")
def nginx(services_folder: Path, knowledge: KnowledgeBase) -> Iterator[Nginx]:
    program = Nginx(services_folder, PUBLIC, PRIVATE, PROJECT / "deploy" / "nginx")
    write_proxy_words(knowledge, program.folder / "words")
    program.pass_on_to(ASSISTANTS[:2])
    program.start()
    yield program
    program.stop()


@dataclass
class Clinic:
    """The whole installation: which assistants run, and what is in front of and behind them."""

    nginx: Nginx
    postgres: PostgreSQL
    redis: Redis
    model: Path
    folder: Path
    questions: list[str]
    settings: dict[str, str] = field(repr=False, default_factory=dict)
    running: list[Assistant] = field(default_factory=list)
    made: list[Assistant] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where programs speak the REST channel, through nginx."""
        return self.nginx.private_url

    def assistant(self, port: int, model: Path | None = None) -> Assistant:
        self.made.append(Assistant(self.folder, port, model or self.model, self.settings))
        return self.made[-1]

    def crowd(self, patients: int = 8, pause: float = 0.05) -> Crowd:
        return Crowd(self.url, self.questions, patients, pause)

    def heal(self) -> None:
        """Start again what an earlier test has killed."""
        dead = [one for one in self.running if one.process is None or one.process.poll() is not None]
        for one in dead:
            one.begin()
        for one in self.running:
            one.until_healthy()
        self.nginx.pass_on_to([one.port for one in self.running])

    @property
    def free_ports(self) -> list[int]:
        return [port for port in ASSISTANTS if port not in [one.port for one in self.running]]

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("assistant-*.log"))


@pytest.fixture(scope="session")
def installation(nginx: Nginx, postgres: PostgreSQL, redis: Redis, model: Path, services_folder: Path,
                 knowledge: KnowledgeBase) -> Iterator[Clinic]:
    settings = {"DATABASE_URL": postgres.address, "REDIS_URL": redis.url, "SECRET_KEY": secrets.token_hex(32),
                "TRUSTED_PROXIES": "1", "ENCODER_THREADS": "1"}
    made = Clinic(nginx, postgres, redis, model, services_folder, questions_of(knowledge), settings)
    made.running = [made.assistant(port) for port in ASSISTANTS[:2]]
    try:
        for one in made.running:
            one.begin()
        for one in made.running:
            one.until_healthy()
        yield made
    finally:
        for one in made.made:
            one.kill()


@pytest.fixture
def clinic(installation: Clinic) -> Clinic:
    """The installation with two healthy processes."""
    installation.heal()
    return installation


def questions_of(knowledge: KnowledgeBase) -> list[str]:
    """A dozen questions from all over the knowledge base, each with an answer of its own."""
    answers = sorted(knowledge.answers.values(), key=lambda answer: answer.id)
    return [answer.title for answer in answers[:: max(1, len(answers) // 12)]][:12]
