"""`python -m bot ask`: what a patient would get and why."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    help="What a patient would get for a question, and why. Several questions are one conversation; "
    "without a question, asks until an empty line."
)
@click.argument("questions", nargs=-1)
@click.option(
    "--model", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A model; the newest by default."
)
@click.option("--json", "as_json", is_flag=True, help="Everything that was understood, as JSON.")
def command(questions: tuple[str, ...], model: Path | None, as_json: bool) -> None:
    run(list(questions), model, as_json)


def run(questions: list[str], model: Path | None = None, as_json: bool = False) -> None:
    """Ask the questions, or prompt for them, and print each turn.

    Raises:
        click.ClickException: when there is no trained model, or it cannot be used.
    """
    import json
    from dataclasses import asdict

    from bot.knowledge_base import live_knowledge_base
    from bot.serving import newest_model
    from bot.settings import settings
    from bot.staff.asking import Assistant, Told, UnusableModel, explained

    chosen = model or newest_model()
    if chosen is None:
        raise click.ClickException("There is no trained model yet. Run `python -m bot train` once.")
    if not as_json:
        click.echo("One moment, the assistant wakes up …", err=True)
    try:
        assistant = Assistant(chosen)
    except UnusableModel as why:
        raise click.ClickException(str(why)) from why

    def show(told: Told) -> None:
        # The knowledge base as it is now: an edit made while this runs counts.
        live = live_knowledge_base(settings().knowledge_folder)
        click.echo(
            json.dumps(asdict(told), indent=2, ensure_ascii=False) if as_json else explained(told, live.current) + "\n"
        )
        for problem in live.problems:
            click.echo(f"Not live: {problem}", err=True)

    for told in assistant.ask(questions):
        show(told)
    while not questions:
        question = click.prompt("Question (empty to end)", default="", show_default=False).strip()
        if not question:
            break
        show(assistant.ask([question])[0])
