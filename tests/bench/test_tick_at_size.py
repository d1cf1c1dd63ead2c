"""A tick over a million running entries, five in a hundred of them due."""

from __future__ import annotations

import pytest

from .house import House

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ENTRIES, DUE = 1_000_000, 50_000


def test_a_tick_costs_little_more_than_moving_the_rows(tmp_path, figures):
    house = House(tmp_path)
    house.manage("migrate", "--verbosity", "0")
    found = house.probe("tick_at_size", ENTRIES, DUE)
    ratio = found["tick"] / found["bare"]
    figures.note(
        f"tick over {ENTRIES:,} entries, {DUE:,} due, against a bare UPDATE of the same rows",
        must="≤ 3 times",
        measured=f"{ratio:.1f} times ({found['tick']:.2f} against {found['bare']:.2f} s)",
        holds=ratio <= 3,
    )
