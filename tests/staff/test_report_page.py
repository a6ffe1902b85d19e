"""The report's page opens by itself from a file, and shows what patients typed as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.knowledge_base import read
from bot.nlu.minilm import shared_encoder
from bot.staff.reporting import compose, report
from bot.store.reports.figures import count
from tests.staff.asked import NOON, PERIOD, a_week, exchange, fill, in_vain


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
