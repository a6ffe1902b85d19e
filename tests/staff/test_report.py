"""The report counts what happened, groups what was asked in vain, and opens by itself from a file."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from bot.cli.report import command
from bot.knowledge_base import KnowledgeBase, read
from bot.knowledge_base.drafting import CannotDraft
from bot.nlu.minilm import shared_encoder
from bot.settings import settings
from bot.staff.question_vectors import QuestionVectors
from bot.staff.reporting import MOST_GROUPED, compose, groups_of, report, suggest
from bot.store.engine import engine as store_engine
from bot.store.migrations import migrate
from bot.store.models import Exchange, Feedback, Unanswered
from bot.store.reports.figures import Asked, Period, count

DAY = dt.date(2026, 7, 1)
PERIOD = Period(DAY, DAY + dt.timedelta(days=6), "America/New_York")
NOON = dt.datetime(2026, 7, 2, 16, 0)  # UTC; noon in New York
WHAT, LONG, WHO = "nerves/what-it-is", "nerves/how-long", "nerves/who-helps"
IN_VAIN = {
    "acupuncture": [
        "does acupuncture help with migraine",
        "can acupuncture stop my migranes",
        "is acupuncture any good for migraine",
    ],
    "coffee": ["can I drink coffee with migraine", "is coffee bad for migraine"],
    "parking": ["where can I park my car at the clinic"],
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = store_engine(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(made)
    yield made
    made.dispose()


def exchange(kind: str, **more: object) -> dict[str, object]:
    return {
        "at": NOON,
        "conversation": "a",
        "channel": "web",
        "kind": kind,
        "intent": "ask_nerves",
        "latency_ms": 10.0,
        **more,
    }


def fill(database: Engine, exchanges: list[dict], feedback: list[dict] = (), unanswered: list[dict] = ()) -> None:  # type: ignore[assignment]
    with database.begin() as connection:
        for model, rows in ((Exchange, exchanges), (Feedback, feedback), (Unanswered, unanswered)):
            for row in rows:
                connection.execute(model.__table__.insert().values(**row))


def in_vain(question: str, at: dt.datetime = NOON, **more: object) -> dict[str, object]:
    return {"at": at, "channel": "web", "kind": "out_of_scope", "question": question, **more}


def a_week() -> tuple[list[dict], list[dict], list[dict]]:
    exchanges = [
        *[exchange("answer", answer_id=WHAT, topic="nerves", latency_ms=float(n)) for n in range(1, 8)],
        exchange("answer", answer_id=LONG, topic="nerves", conversation="b", channel="telegram", country="GB"),
        exchange("clarify", conversation="b"),
        exchange("out_of_scope", conversation="c"),
        exchange("personal", conversation="c"),
        exchange("emergency", sign="thunderclap", level="emergency", conversation="d"),
        exchange("smalltalk", conversation="d"),
        exchange("unavailable", conversation="e"),
        # Before the period by the clinic's clock, though not by UTC; and after it.
        exchange("answer", answer_id=WHO, at=dt.datetime(2026, 7, 1, 3, 59)),
        exchange("answer", answer_id=WHO, at=dt.datetime(2026, 7, 8, 4, 0)),
        # Its last hour.
        exchange("answer", answer_id=WHAT, topic="nerves", at=dt.datetime(2026, 7, 8, 3, 59), conversation="a"),
    ]
    feedback = [
        {"at": NOON, "conversation": "a", "answer_id": WHAT, "helpful": helpful} for helpful in (True, False, False)
    ]
    feedback.append({"at": NOON, "conversation": "b", "answer_id": LONG, "helpful": True})
    unanswered = [in_vain(question) for questions in IN_VAIN.values() for question in questions]
    unanswered += [
        in_vain(IN_VAIN["coffee"][0], nearest_answer=LONG, nearest_score=0.2, kind="clarify") for _ in range(4)
    ]
    return exchanges, feedback, unanswered


def test_what_happened_is_counted_by_the_clinics_clock(database: Engine) -> None:
    fill(database, *a_week())
    figures = count(database, PERIOD)
    assert (figures.conversations, figures.exchanges, figures.questions) == (5, 15, 14)
    assert figures.outcomes() == {
        "answered": 9,
        "offered a choice": 1,
        "sent to their own doctor": 1,
        "turned away": 1,
        "danger": 1,
        "failed": 1,
    }
    assert figures.by_hour == {12: 13, 23: 1}
    assert figures.by_day[DAY + dt.timedelta(days=1)]["answered"] == 8
    assert figures.by_day[PERIOD.last]["answered"] == 1
    assert figures.by_channel == {"web": 14, "telegram": 1}
    assert figures.by_country == {"GB": 1}
    assert figures.by_topic == {"nerves": 9}
    assert figures.signs == {("thunderclap", "emergency"): 1}
    assert figures.feedback == {WHAT: (1, 2), LONG: (1, 0)}
    assert figures.latency_ms[50] == 10.0


def test_questions_in_vain_are_grouped_by_meaning_the_largest_first(knowledge: KnowledgeBase) -> None:
    nearest = next(iter(knowledge.answers))
    asked = [Asked(question, "out_of_scope", 1, None, None) for questions in IN_VAIN.values() for question in questions]
    asked += [
        Asked(IN_VAIN["coffee"][0], "clarify", 3, nearest, 0.2),
        Asked(IN_VAIN["coffee"][1], "clarify", 1, nearest, 0.4),
    ]
    groups = groups_of(asked, knowledge, QuestionVectors().encode)
    assert [(group.number, group.count, sorted(wordings)) for group, wordings in groups] == [
        (1, 6, sorted(IN_VAIN["coffee"])),
        (2, 3, sorted(IN_VAIN["acupuncture"])),
        (3, 1, IN_VAIN["parking"]),
    ]
    coffee, acupuncture, _ = (group for group, _ in groups)
    assert (coffee.nearest_address, coffee.score, coffee.kinds) == (
        nearest,
        pytest.approx(0.25),
        "4 offered a choice, 2 not covered",
    )
    assert "acupuncture" in acupuncture.nearest_address, "what was kept without a nearest answer gets today's"
    assert 0 < acupuncture.score <= 1  # type: ignore[operator]


class Page(HTMLParser):
    """Collects what a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [
            str(value) for name, value in attrs if name in ("src", "href") and not str(value).startswith("#")
        ]


def test_the_page_tells_it_all_and_fetches_nothing(database: Engine, small_knowledge: Path, tmp_path: Path) -> None:
    fill(database, *a_week())
    out = tmp_path / "reports" / "week.html"
    report(database, read(small_knowledge), shared_encoder().encode, PERIOD, out)
    html = out.read_text("utf-8")
    for words in (
        "What patients asked",
        "Hill Clinic",
        "2026-07-01 to 2026-07-07",
        "is coffee bad for migraine",
        "How long does nerve pain last?",
        "Sudden severe headache",
        "1 helpful, shown 8 times",
        "1 answers were not shown",
        "Who helps with nerve pain?",
        '<svg role="img" aria-label="Questions by hour of the day"',
    ):
        assert words in html, words
    page = Page()
    page.feed(html)
    assert page.fetched == []
    assert not page.tags & {"script", "iframe", "link", "img", "object"}
    ids = re.findall(r'\bid="([^"]+)"', html)
    drawn = [i for i in ids if re.fullmatch(r"[mp][0-9a-f]{10}", i)]
    assert len(drawn) == len(set(drawn)), "the plots do not share the ids that they refer to"


def test_what_patients_typed_is_shown_as_text(database: Engine, small_knowledge: Path) -> None:
    fill(database, [exchange("out_of_scope")], [], [in_vain("<script>alert(1)</script> & 'quotes'")])
    html = compose(count(database, PERIOD), read(small_knowledge), shared_encoder().encode)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;quotes&#39;" in html


def test_a_period_without_anything_makes_a_page_too(database: Engine, small_knowledge: Path) -> None:
    html = compose(count(database, PERIOD), read(small_knowledge), shared_encoder().encode)
    assert "Nothing was asked in this period." in html
    assert "3 answers were not shown" in html


def test_an_answer_deleted_since_is_said_to_be(database: Engine, small_knowledge: Path) -> None:
    fill(
        database,
        [exchange("answer", answer_id="nerves/gone")],
        [{"at": NOON, "answer_id": "nerves/gone", "helpful": False}],
        [in_vain("where is it", nearest_answer="nerves/gone", nearest_score=0.5)],
    )
    assert compose(count(database, PERIOD), read(small_knowledge), shared_encoder().encode).count("deleted since") == 3


def test_a_group_becomes_a_draft_with_the_patients_questions_and_no_answer(
    database: Engine, small_knowledge: Path
) -> None:
    exchanges, feedback, unanswered = a_week()
    fill(database, exchanges, feedback, [*unanswered, in_vain("is coffee bad for my [name] with migraine")])
    figures, knowledge = count(database, PERIOD), read(small_knowledge)
    path = suggest(
        figures, knowledge, shared_encoder().encode, small_knowledge, 1, title="Does coffee harm in migraine?"
    )
    assert path == small_knowledge / "nerves/does-coffee-harm-in-migraine.draft"
    draft = path.read_text("utf-8")
    for question in (*IN_VAIN["coffee"], "is coffee bad for my with migraine"):
        assert f'  - "{question}"\n' in draft
    assert f"related: [{LONG}]" in draft
    assert draft.endswith("---\n"), "the answer is for a person to write"
    assert len(read(small_knowledge).answers) == 3
    with pytest.raises(CannotDraft, match="no group 99"):
        suggest(figures, knowledge, shared_encoder().encode, small_knowledge, 99)


def test_the_command_writes_the_page_and_says_what_is_wrong(
    small_knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("KNOWLEDGE_FOLDER", str(small_knowledge))
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    try:
        out = tmp_path / "r.html"
        dates = ["--from", "2026-07-01", "--to", "2026-07-07"]
        done = CliRunner().invoke(command, [*dates, "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert "0 conversations, 0 questions, 0 in vain." in done.output
        assert out.is_file()
        backwards = CliRunner().invoke(command, ["--from", "2026-07-07", "--to", "2026-07-01"])
        assert backwards.exit_code == 1
        assert "ends (2026-07-01) before it begins" in backwards.output
        nothing = CliRunner().invoke(command, [*dates, "--suggest", "1"])
        assert nothing.exit_code == 1
        assert "There is no group 1 in this period" in nothing.output
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:5129/none")
        settings.cache_clear()
        down = CliRunner().invoke(command, dates)
        assert down.exit_code == 1
        assert "The database could not be read" in down.output
    finally:
        settings.cache_clear()


@pytest.mark.slow
def test_a_hundred_thousand_exchanges_take_at_most_thirty_seconds(
    database: Engine, knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    answers = list(knowledge.answers)
    kinds = ("answer",) * 6 + ("clarify", "out_of_scope", "out_of_scope", "smalltalk")
    rows = [
        exchange(
            kinds[n % 10],
            at=NOON + dt.timedelta(seconds=4 * n),
            conversation=f"c{n // 4}",
            latency_ms=n % 97 + 0.5,
            answer_id=answers[n % len(answers)] if n % 10 < 6 else None,
        )
        for n in range(100_000)
    ]
    vain = [
        in_vain(f"{IN_VAIN['acupuncture'][n % 3]} after {n % 2000} days of {('rain', 'work', 'rest')[n % 3]} and sleep")
        for n in range(20_000)
    ]
    assert len({row["question"] for row in vain}) > MOST_GROUPED
    with database.begin() as connection:
        connection.execute(Exchange.__table__.insert(), rows)
        connection.execute(Unanswered.__table__.insert(), vain)
    start = time.monotonic()
    figures = report(database, knowledge, QuestionVectors().encode, PERIOD, tmp_path / "r.html")
    taken = time.monotonic() - start
    print(f"100,000 exchanges, {len(vain)} in vain: {taken:.1f} s")
    assert figures.exchanges == 100_000
    assert taken <= 30


def test_the_store_is_asked_a_few_questions_only(database: Engine) -> None:
    """The counts are made in the database: the number of queries does not grow with the exchanges."""
    fill(database, *a_week())
    asked: list[str] = []
    sa.event.listen(database, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    count(database, PERIOD)
    assert len(asked) <= 15
