"""`python -m bot new`: start an answer."""

from __future__ import annotations

from pathlib import Path

import click

from bot.settings import settings


@click.command(help="Start an answer: a draft to fill in, which patients do not get. TOPIC is a folder of knowledge/.")
@click.argument("topic")
@click.argument("title")
def command(topic: str, title: str) -> None:
    run(Path(settings().knowledge_folder), topic, title)


def run(root: Path, topic: str, title: str) -> Path:
    """Write the draft and say what comes next.

    Raises:
        click.ClickException: when the topic is unknown or the file exists.
    """
    from bot.knowledge_base.drafting import CannotDraft, write_draft
    from bot.knowledge_base.reading import Reader

    knowledge, _ = Reader(root).survey()
    if knowledge is None:
        raise click.ClickException("clinic.yml cannot be read. Run `python -m bot check`.")
    try:
        path = write_draft(root, knowledge, topic, title)
    except CannotDraft as why:
        raise click.ClickException(str(why)) from why
    click.echo(
        f"Written: {path}\n"
        "1. Fill it in with any editor. Patients do not get a draft.\n"
        "2. `python -m bot check` says what it still lacks.\n"
        f"3. When it is done, rename it to {path.stem}.md: from then on patients get it."
    )
    return path
