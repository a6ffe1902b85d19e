"""`python -m bot review`: what is due for review, and signing it off."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from bot.settings import settings


def _day(_: object, __: object, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


@click.command(help="List what is due for review. With TEXTS (topic/file-name), show each and, with --by, sign it off.")
@click.argument("texts", nargs=-1)
@click.option("--by", default="", help="Sign: the full name of the clinician who has read the text.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="The day of the review; today by default.")
@click.option(
    "--due",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="The next review; by default as long after this one as it was planned.",
)
@click.option("--yes", is_flag=True, help="Do not ask before signing.")
@click.option("--topic", default="", help="List only one topic, or red_flags.")
def command(texts: tuple[str, ...], by: str, on: dt.date | None, due: dt.date | None, yes: bool, topic: str) -> None:
    root = Path(settings().knowledge_folder)
    if texts:
        sign(root, list(texts), by, on or dt.date.today(), due, yes)
    else:
        list_due(root, topic)


def list_due(root: Path, topic: str = "", today: dt.date | None = None) -> None:
    """Print the texts that are due, the most pressing first."""
    from bot.knowledge_base import read
    from bot.staff.reviewing import due_texts

    knowledge = read(root)
    due = [one for one in due_texts(knowledge, today) if one.file.startswith(f"{topic}/" if topic else "")]
    for one in due:
        click.echo(f"{one.why:<21} {one.due}  {one.file[:-3]:<62} {one.title}" + ("  [has a note]" if one.note else ""))
    whole = len(knowledge.answers) + len(knowledge.red_flags)
    click.echo(
        f"\n{len(due)} of {whole} texts to review. Read one: python -m bot review {due[0].file[:-3]}"
        if due
        else f"All {whole} texts are signed off and in date."
    )


def sign(root: Path, names: list[str], by: str, on: dt.date, due: dt.date | None, yes: bool = False) -> None:
    """Show each text and, when ``by`` is given and it is confirmed, sign it off.

    Raises:
        click.ClickException: when a text does not exist or cannot be signed.
    """
    from bot.knowledge_base.reading import Reader
    from bot.knowledge_base.signing import CannotSign, find, sign_file
    from bot.staff.reviewing import review_interval, to_read

    reader = Reader(root)
    for name in names:
        knowledge = reader.read()
        try:
            text = find(knowledge, name)
            next_review = due or on + review_interval(text)
            click.echo(f"{to_read(text, knowledge)}\n")
            if not by:
                click.echo(f'To sign it off: python -m bot review {name} --by "Dr. Full Name"')
            elif yes or click.confirm(f"Sign off as {by} on {on}, next review {next_review}?"):
                path = sign_file(root, text, by, on, next_review, reader)
                click.echo(f"Signed: {path.name}, text {text.digest}. A later change of the text makes this stale.")
            else:
                click.echo("Not signed.")
        except CannotSign as why:
            raise click.ClickException(str(why)) from why
