"""`python -m bot train`."""

import click

from bot import serving


@click.command(help="Train a model if it is missing or made from other files.")
@click.option("--force", is_flag=True, help="train even when the model is up to date")
def command(force: bool) -> None:
    click.echo(f"Model: {serving.train(force)}")
