"""The table says what was measured, what was aimed at, and when its figures say nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.client import Answered
from benchmarks.plan import FULL, QUICK
from benchmarks.report import BEGIN, END, NOT_COMPARABLE, markdown, put_into, table
from benchmarks.rows import Row


def test_a_ratio_at_most_is_reached_from_below() -> None:
    assert Row("turn", "ms", 8.0, 20.0, ratio_at_most=0.5).reached
    assert Row("turn", "ms", 12.0, 20.0, ratio_at_most=0.5).reached is False


def test_a_ratio_at_least_is_reached_from_above() -> None:
    assert Row("load", "messages/s", 120, 56, ratio_at_least=2).reached
    assert Row("load", "messages/s", 80, 56, ratio_at_least=2).reached is False


def test_an_aim_without_a_figure_to_compare_with_is_neither_reached_nor_missed() -> None:
    row = Row("turn", "ms", 8.0, None, ratio_at_most=0.5)
    assert row.ratio is None
    assert row.reached is None


def test_an_aim_of_none_at_all_is_reached_by_none() -> None:
    assert Row("unanswered", "", 0, 3, at_most=0).reached
    assert Row("unanswered", "", 1, 0, at_most=0).reached is False


def test_the_table_shows_figures_ratio_and_aim() -> None:
    shown = table([Row("one turn", "ms", 8.123, 20.5, ratio_at_most=0.5), Row("new", "s", 1.5)])
    assert "| one turn | 8.12 ms | 20.5 ms | 0.40 × | ≤ 0.5 × ✓ |" in shown
    assert "| new | 1.50 s | – |  |  |" in shown


def test_a_missed_aim_stands_out() -> None:
    assert "**missed**" in table([Row("one turn", "ms", 18.0, 20.0, ratio_at_most=0.5)])


def test_a_quick_or_partial_run_says_that_it_cannot_be_compared() -> None:
    row = [Row("one turn", "ms", 8.0, 20.0)]
    assert NOT_COMPARABLE in markdown(row, {}, QUICK, 0.1, whole=True)
    assert NOT_COMPARABLE in markdown(row, {}, FULL, 0.1, whole=False)
    assert NOT_COMPARABLE not in markdown(row, {}, FULL, 0.1, whole=True)


def test_a_whole_run_says_how_it_was_measured() -> None:
    told = markdown([], {}, FULL, 0.1, whole=True)
    assert "first 10 questions" in told
    assert "100 epochs" in told


def test_a_busy_machine_and_a_failed_measurement_are_told() -> None:
    told = markdown([], {"start": "RuntimeError: port taken"}, FULL, 3.2, whole=False)
    assert "load average 3.2" in told
    assert "**Not measured, start:** RuntimeError: port taken" in told


def test_results_go_between_the_marks_of_the_readme_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert put_into(readme, "new\n")
    assert readme.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_readme_without_marks_is_left_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no marks")
    assert not put_into(readme, "new")
    assert readme.read_text() == "no marks"


def test_median_95th_percentile_and_rate_of_a_load() -> None:
    load = Answered([number / 1000 for number in range(1, 101)], unanswered=2, lasted=4.0)
    assert load.median_ms == 50.5
    assert load.p95_ms == 96.0
    assert load.each_second == 25.0
