"""How costs grow, from docs/scaling.json; row 9 of what we hold. Measured by
`python -m tests.bench.scaling`, for each size by itself."""

from __future__ import annotations

import pytest

from .growth import FROM_NOTES, MUST, TO_NOTES, exponent, exponent_of, span
from .scaling import FIGURES, known

pytestmark = [pytest.mark.bench]


@pytest.mark.parametrize("name", MUST)
def test_how_a_cost_grows(name, figures):
    rows = known()
    found, (least, most) = exponent_of(name, rows), span(rows, name)
    must, better = MUST[name]
    if found is None:
        pytest.skip(f"needs `python -m tests.bench.scaling measure` at {FROM_NOTES:,} notes and up")
    whole = least <= FROM_NOTES and most >= TO_NOTES
    figures.note(
        f"9. growth of {FIGURES[name][0]}: exponent from {least:,} to {most:,} notes",
        must=f"≤ {must:.2f} to {TO_NOTES:,}, better {better:.2f}",
        measured=f"{found:+.2f}" + ("" if whole else f" ({TO_NOTES:,} not measured)"),
        holds=found <= must and whole,
    )


def test_the_fit_finds_a_power_law():
    sizes = [10_000, 100_000, 1_000_000]
    assert exponent(sizes, [3 * size**0.5 for size in sizes]) == pytest.approx(0.5)
    assert exponent(sizes, [7, 7, 7]) == pytest.approx(0)
    assert exponent(sizes[:1], [7]) is None
