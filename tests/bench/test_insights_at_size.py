"""A million events rolled up, and the page of a much-read note."""

from __future__ import annotations

import pytest

from .house import House

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
EVENTS, PEOPLE = 1_000_000, 50_000


def test_insights_hold_at_size(tmp_path, figures):
    house = House(tmp_path)
    house.manage("migrate", "--verbosity", "0")
    found = house.probe("insights_at_size", EVENTS, PEOPLE)
    seconds = found["rolled"] + found["counted"]
    figures.note(
        f"roll-up of {EVENTS:,} events of {PEOPLE:,} people, audiences with it",
        must="≤ 30 s",
        measured=f"{seconds:.1f} s ({found['rolled']:.1f} hours and days,"
        f" {found['counted']:.1f} audiences)",
        holds=seconds <= 30,
    )
    figures.note(
        "studio page of a note with half of them",
        must="≤ 100 ms, 8 statements beside session and person",
        measured=f"{1000 * found['page']:.0f} ms, {found['statements'] - 2} statements"
        f" (cold {1000 * found['cold']:.0f} ms)",
        holds=found["page"] <= 0.1 and found["statements"] - 2 <= 8,
    )
