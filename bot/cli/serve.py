"""`python -m bot serve`."""

import click

from bot import serving


@click.command(help="Train if needed and serve the assistant.")
@click.option("--port", default=5005, show_default=True, envvar="PORT")
@click.option("--interface", default="127.0.0.1", show_default=True, envvar="INTERFACE")
@click.option("--credentials", default="credentials.yml", show_default=True, help="channels")
@click.option("--endpoints", default="endpoints.yml", show_default=True, help="stores and actions")
@click.option("--model", default=None, help="a model file; the newest by default")
def command(port: int, interface: str, credentials: str, endpoints: str, model: str | None) -> None:
    serving.serve(port, interface, credentials, endpoints, model)
