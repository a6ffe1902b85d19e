"""Alembic's entry: the connection that :func:`bot.store.migrations.migrate` holds, or the setting's database."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from bot.store.engine import engine
from bot.store.models import Base


def _upgrade(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


held = context.config.attributes.get("connection")
if held is not None:
    _upgrade(held)
else:
    with engine().begin() as opened:
        _upgrade(opened)
