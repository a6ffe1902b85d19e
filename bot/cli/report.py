"""`python -m bot report`: what was asked in a period, on one page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.settings import PROJECT, settings

DAYS = 30


def _day(_: object, __: object, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


@click.command(help="Write one HTML page on what patients asked in a period, also in vain; to open or print.")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help=f"First day; {DAYS} days back by default."
)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Last day; today by default.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The page; var/reports/… by default.")
@click.option("--suggest", type=int, metavar="NUMBER", help="Write a draft for this group of unanswered questions.")
@click.option("--topic", default="", help="With --suggest: the topic; that of the nearest answer by default.")
@click.option("--title", default="", help="With --suggest: the title; the most typical question by default.")
def command(
    first: dt.date | None, last: dt.date | None, out: Path | None, suggest: int | None, topic: str, title: str
) -> None:
    run(first, last, out, suggest, topic, title)


def run(
    first: dt.date | None = None,
    last: dt.date | None = None,
    out: Path | None = None,
    group: int | None = None,
    topic: str = "",
    title: str = "",
) -> Path:
    """Write the report, or a draft for a group of it; returns the path of what was written.

    Raises:
        click.ClickException: when the dates, the group or the database do not serve.
    """
    import sqlalchemy as sa

    from bot.knowledge_base import read
    from bot.knowledge_base.drafting import CannotDraft
    from bot.staff import reporting
    from bot.staff.question_vectors import QuestionVectors
    from bot.store.engine import engine
    from bot.store.migrations import migrate
    from bot.store.reports.figures import Period, count

    root = Path(settings().knowledge_folder)
    knowledge, vectors = read(root), QuestionVectors()
    zone = knowledge.clinic.time_zone
    end = last or dt.datetime.now(ZoneInfo(zone)).date()
    try:
        period = Period(first or end - dt.timedelta(days=DAYS - 1), end, zone)
        migrate(engine())
        if group is not None:
            path = reporting.suggest(count(engine(), period), knowledge, vectors.encode, root, group, topic, title)
            click.echo(f"Written: {path}\nFill in sources, text and the rest, then rename it to {path.stem}.md.")
            return path
        path = out or PROJECT / "var" / "reports" / f"report-{period.first}-to-{period.last}.html"
        figures = reporting.report(engine(), knowledge, vectors.encode, period, path)
    except (ValueError, CannotDraft) as why:
        raise click.ClickException(str(why)) from why
    except sa.exc.SQLAlchemyError as why:
        raise click.ClickException(
            f"The database could not be read ({type(why).__name__}). Is DATABASE_URL right?"
        ) from why
    click.echo(
        f"{figures.conversations} conversations, {figures.questions} questions, "
        f"{sum(one.count for one in figures.unanswered)} in vain.\nWritten: {path}"
    )
    return path
