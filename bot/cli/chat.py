"""`python -m bot chat`."""

import click

from bot import serving


@click.command(help="Talk to the assistant in the terminal.")
@click.option("--endpoints", default="endpoints.yml", show_default=True, help="stores and actions")
def command(endpoints: str) -> None:
    serving.chat(endpoints)
