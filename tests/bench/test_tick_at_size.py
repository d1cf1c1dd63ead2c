"""A tick over a million running entries, five in a hundred of them due; row 8 of what we hold."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


def test_a_tick_costs_little_more_than_moving_the_rows(empty_house, figures, set_up, sizes):
    entries, due = sizes.entries, sizes.entries // 20
    found = empty_house.probe("tick_at_size", entries, due, sizes.rounds)
    must, stretch = (2.5, 1.5) if set_up.on_servers else (4, 2)
    figures.note(
        f"8. tick over {entries:,} entries, {due:,} due, against a bare UPDATE of the same rows",
        must=f"≤ {must:g} times, better {stretch:g}",
        measured=f"{found['ratio']:.1f} times ({found['tick_seconds']:.2f} against"
        f" {found['bare_seconds']:.2f} s; {found['tick_cpu']:.2f} against"
        f" {found['bare_cpu']:.2f} s of CPU)",
        holds=found["ratio"] <= must,
    )
