"""`python -m bot purge`: delete what is older than the retention time, now."""

from __future__ import annotations

import click

from bot.store.database import DatabaseDown
from bot.store.keeper import shared_keeper
from bot.store.retention import purge, retention_days


def purge_now(days: int | None) -> dict[str, int]:
    """Delete what is older than so many days (the setting's by default); the rows deleted of each table.

    Raises:
        click.ClickException: when the database can't be reached, or the setting is no number of days.
    """
    try:
        return purge(shared_keeper().database, retention_days() if days is None else days)
    except DatabaseDown as error:
        raise click.ClickException(
            f"the database of DATABASE_URL can't be used ({error}); nothing more was deleted"
        ) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@click.command(
    help="Delete what is older than the retention time (RETENTION_DAYS). The server does so by itself every day."
)
@click.option(
    "--days", type=click.IntRange(min=0), help="Delete what is older than so many days instead; 0 deletes everything."
)
def command(days: int | None) -> None:
    for table, count in purge_now(days).items():
        click.echo(f"{count:8,} {table}")
