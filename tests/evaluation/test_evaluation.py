"""Understanding must not get worse. The floors are a little below what was measured; CHANGELOG tells the figures."""

from __future__ import annotations

import pytest

from tests.conftest import Server
from tests.evaluation.evaluate import Marks, evaluate


@pytest.fixture(scope="module")
def marks(server: Server) -> Marks:
    return evaluate(server.url, {"questions", "follow_ups", "out_of_scope", "personal", "smalltalk"})


def test_single_questions_are_answered(marks: Marks) -> None:
    assert marks.share("questions", "right") >= 0.95
    assert marks.share("questions", "right", "offered") >= 0.965
    assert marks.share("questions", "wrong") <= 0.02
    assert marks.share("questions", "alarm") <= 0.01


def test_follow_ups_are_understood(marks: Marks) -> None:
    assert marks.share("later turns", "right") >= 0.87
    assert marks.share("later turns", "right", "offered") >= 0.915


def test_what_is_not_covered_is_turned_away(marks: Marks) -> None:
    assert marks.share("out_of_scope", "answered") <= 0.03
    assert marks.share("out_of_scope", "turned away") >= 0.94
    assert marks.share("leaving", "answered") <= 0.10


def test_personal_matters_are_referred(marks: Marks) -> None:
    assert marks.share("personal", "referred") >= 0.96


def test_small_talk_is_small_talk(marks: Marks) -> None:
    assert marks.share("smalltalk", "smalltalk") >= 0.94
