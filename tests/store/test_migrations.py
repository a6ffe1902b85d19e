"""The tables come by Alembic's revisions, once, whoever starts first."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.settings import PROJECT
from bot.store.engine import engine
from bot.store.migrations import FOLDER, HEAD, migrate
from bot.store.models import Base
from tests.store.conftest import TABLES


def test_the_revisions_lead_to_the_tables_of_the_models(database_url: str):
    migrate(engine(database_url))
    with engine(database_url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_newest_revision_is_the_one_that_is_asked_for():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_up_to_date_database_costs_a_start_next_to_nothing(database_url: str):
    migrate(engine(database_url))
    start = time.perf_counter()
    migrate(engine(database_url))
    assert time.perf_counter() - start < 0.2


def test_processes_that_start_together_do_not_get_in_each_others_way(database_url: str):
    imports = "from bot.store.engine import engine; from bot.store.migrations import migrate"
    code = f"{imports}; migrate(engine({database_url!r}))"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stderr=subprocess.PIPE) for _ in range(4)]
    for process in started:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
    assert set(TABLES) <= set(sa.inspect(engine(database_url)).get_table_names())


def test_a_database_from_before_the_first_revision_is_taken_over(tmp_path: Path):
    made = engine(f"sqlite:///{tmp_path / 'old.db'}")
    Base.metadata.create_all(made, [Base.metadata.tables["conversations"], Base.metadata.tables["transcript_turns"]])
    migrate(made)
    assert set(TABLES) <= set(sa.inspect(made).get_table_names())
