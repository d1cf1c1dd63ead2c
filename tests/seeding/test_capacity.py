"""The sheet of what a community needs grows with it, and follows what one assumes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feeds.capacity import (
    BOUNDS,
    MOST_PEOPLE,
    OTHER_BOUNDS,
    Costs,
    Habits,
    assumptions,
    sheet,
)  # fmt: skip


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


@pytest.mark.parametrize("people", ["10000000", "10_000_000", "1e7", "1E7", "10000000.0"])
def test_whole_numbers_are_taken_however_they_are_written(people):
    assert said("--people", people).startswith("10,000,000 people")


@pytest.mark.parametrize("people", ["0", "-3", "1.5", "many", "nan", "inf", "1e308", "1e400", ""])
def test_people_that_make_no_sense_are_refused(people):
    with pytest.raises(CommandError, match=r"^people: a whole number from 1 to 10,000,000,000"):
        said(f"--people={people}")


@pytest.mark.parametrize(
    ("assumed", "refusal"),
    [
        ("pages_a_day=inf", "pages_a_day: a number from 0 to 1,000,000"),
        ("pages_a_day=1e308", "pages_a_day: a number from 0 to 1,000,000"),
        ("pages_a_day=nan", "pages_a_day: a number from 0 to 1,000,000"),
        ("pages_a_day=-1", "pages_a_day: a number from 0 to 1,000,000"),
        ("pages_a_day", "pages_a_day: a number from 0 to 1,000,000"),
        ("page_ms=-3.6", "page_ms: a number from 0 to 1,000,000"),
        ("load=0", "load: a number from 0.01 to 1"),
        ("load=1.2", "load: a number from 0.01 to 1"),
        ("active_share=2", "active_share: a number from 0 to 1"),
        ("peak=high", "peak: a number from 1 to 24"),
        ("days_kept=0", "days_kept: a number from 1 to 36,500"),
        ("tide=3", "tide: no habit and no cost"),
        ("__class__=3", "__class__: no habit and no cost"),
        ("=3", ": no habit and no cost"),
    ],
)
def test_assumptions_that_make_no_sense_are_refused(assumed, refusal):
    with pytest.raises(CommandError, match=f"^{refusal}"):
        said("--people", "9", "--assume", assumed)


def test_the_most_that_may_be_assumed_is_still_a_sheet():
    most = [f"{name}={BOUNDS.get(name, OTHER_BOUNDS)[1]}" for name, _ in
            [*assumptions(Costs()), *assumptions(Habits())] if name != "load"]  # fmt: skip
    wanted = [word for pair in [*most, "load=0.01"] for word in ("--assume", pair)]
    assert "inf" not in said("--people", str(MOST_PEOPLE), *wanted)


def test_rows_are_kept_as_long_as_the_site_keeps_them(settings):
    settings.IMPRESSION_DAYS = 730
    assert Habits().days_kept == 730
    two_years = amounts(1_000_000)["rows and indexes after the days kept"]
    settings.IMPRESSION_DAYS = 365
    assert two_years > 1.9 * amounts(1_000_000)["rows and indexes after the days kept"]
    settings.IMPRESSION_DAYS = 0
    assert Habits().days_kept == 3_650
    assert "never forgotten" in said("--people", "1000")
