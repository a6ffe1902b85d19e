"""`python -m bot check`: everything that is wrong with the knowledge base, at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.settings import settings


@click.command(help="Say everything that is wrong with the knowledge base; status 1 when something must be mended.")
@click.option("--fix", is_flag=True, help="First mend what is safe to: line ends, quotation marks, links, time stamps.")
@click.option("--strict", is_flag=True, help="End with status 1 for notes too.")
@click.option("--all", "every", is_flag=True, help="Show each note, even one that says the same of many files.")
@click.option("--quick", is_flag=True, help="Leave out the search for nearly the same questions.")
@click.option(
    "--knowledge", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another folder to check."
)
def command(fix: bool, strict: bool, every: bool, quick: bool, knowledge: Path | None) -> None:
    sys.exit(run(knowledge or Path(settings().knowledge_folder), fix, strict, every, quick))


def run(root: Path, fix: bool = False, strict: bool = False, every: bool = False, quick: bool = False) -> int:
    """Check a folder, print what was found, and return the exit status (0 or 1)."""
    from bot.knowledge_base.fixing import fix_folder
    from bot.staff.checking import check, told

    if fix:
        done = fix_folder(root)
        for file, notes in done.items():
            click.echo("\n".join(f"mended {file}: {note}" for note in notes))
        click.echo(f"{len(done)} file(s) mended.\n")
    vectors = None
    if not quick:
        from bot.staff.question_vectors import QuestionVectors

        vectors = QuestionVectors()
    findings = check(root, vectors.encode if vectors else None)
    if vectors and findings.knowledge and root == Path(settings().knowledge_folder):
        vectors.keep(
            [question.lower() for answer in findings.knowledge.answers.values() for question in answer.questions]
        )
    click.echo(told(findings, every))
    return 1 if not findings.passed or (strict and findings.notes) else 0
