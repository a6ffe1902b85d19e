"""`python -m bot proxy-words`."""

from pathlib import Path

import click

from bot.knowledge_base import read
from bot.proxy_words import write_proxy_words
from bot.settings import settings


@click.command(help="Write the words that nginx says when no assistant process answers, from clinic.yml, into FOLDER.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    for path in write_proxy_words(read(Path(settings().knowledge_folder)), folder):
        print(path)
