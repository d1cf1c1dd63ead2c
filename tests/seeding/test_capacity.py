"""The sheet of what a community needs grows with it, and follows what one assumes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feeds.capacity import Costs, Habits, sheet


def amounts(people, **assumed):
    return {line.what: line.amount for line in sheet(people, habits=Habits(**assumed))}


def said(*arguments):
    out = StringIO()
    call_command("capacity", *arguments, stdout=out)
    return out.getvalue()


def test_ten_times_the_people_ask_for_ten_times_as_much():
    small, large = amounts(1_000_000), amounts(10_000_000)
    for what in small:
        # Cores are whole, and so is the memory of their processes.
        rest = 1 if "cores" in what or "memory" in what else 0.01
        assert large[what] == pytest.approx(10 * small[what], rel=0.01, abs=10 * rest), what


def test_a_figure_by_hand():
    # 100,000 come; 30 pages each, three times the mean at the peak; 3.6 ms and 6 writes of 14 ms.
    found = amounts(1_000_000)
    assert found["pages at the peak"] == pytest.approx(100_000 * 30 * 3 / 86_400)
    assert found["cores for the web"] == 2
    assert sheet(1_000_000, costs=Costs(page_ms=360))[5].amount == pytest.approx(63, abs=1)


def test_the_command_prints_what_it_rests_on_and_when_files_are_not_enough():
    page = said("--people", "10000000")
    assert "10,000,000 people" in page
    assert "PostgreSQL" in page
    assert "page_ms" in page
    assert "PostgreSQL" not in said("--people", "1000")
    assert said("--people", "1000", "--assume", "pages_a_day=90") != said("--people", "1000")


@pytest.mark.parametrize(
    "arguments",
    [["--people", "0"], ["--people", "9", "--assume", "tide=3"],
     ["--people", "9", "--assume", "peak=high"]],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(arguments):
    with pytest.raises(CommandError):
        said(*arguments)
