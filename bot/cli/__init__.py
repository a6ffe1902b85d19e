"""The commands of `python -m bot`, one a file; each file's `command` is found by its name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click


class _Commands(click.Group):
    """Loads a command's file only when it is asked for, so that `check` need not wait for Rasa."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(module.name.replace("_", "-") for module in iter_modules(__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        found = import_module(f"{__name__}.{name.replace('-', '_')}").command
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Commands, help="The patient-education assistant: serve it, check and edit what it knows, see what was asked.")
def main() -> None:
    """The group of all commands."""
