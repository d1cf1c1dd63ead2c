"""Numbers as forms and addresses of this site carry them."""

from __future__ import annotations

import pytest

from accounts.asking import whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1),
        ("9" * 19, None), ("9" * 5_000, None), ("", None), ("-1", None), ("+1", None),
        ("1.0", None), (" 1", None), ("1\n", None), ("1_000", None), ("٣", None), ("３", None),
        ("²", None), ("0x1", None), ("NaN", None), ("1\0", None),
    ],
)  # fmt: skip
def test_only_plain_digits_are_a_number(typed, number):
    assert whole_number(typed) == number
