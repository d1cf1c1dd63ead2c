"""Money is read and written in one place, in whole minor units of any currency."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import Invalid
from accounts.wallet import money
from accounts.wallet.models import MOST

pytestmark = pytest.mark.letter("C6")


@pytest.mark.parametrize(
    ("currency", "minor", "shown", "plain"),
    [
        ("CNY", 123_450, "¥1,234.50", "1234.50"),
        ("CNY", 5, "¥0.05", "0.05"),
        ("CNY", -5, "\N{MINUS SIGN}¥0.05", "-0.05"),
        ("EUR", 0, "€0.00", "0.00"),
        ("JPY", 123_450, "¥123,450", "123450"),
        ("KWD", 123_450, "KWD 123.450", "123.450"),
        ("CHF", MOST, "CHF 10,000,000,000,000.00", "10000000000000.00"),
    ],
)
def test_money_is_written_in_the_communitys_currency(settings, currency, minor, shown, plain):
    settings.CURRENCY = currency
    assert (money.show(minor), money.plain(minor)) == (shown, plain)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_money_is_grouped_in_threes_in_every_language(settings, language):
    settings.CURRENCY = "CNY"
    with translation.override(language):
        assert money.show(1_234_567_89) == "¥1,234,567.89"


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [
        ("CNY", "12.50", 1_250),
        ("CNY", " 12.5 ", 1_250),
        ("CNY", "12", 1_200),
        ("CNY", "0.01", 1),
        ("CNY", "00012.00", 1_200),
        ("JPY", "12", 12),
        ("KWD", "0.001", 1),
    ],
)
def test_what_is_typed_is_read_exactly(settings, currency, typed, minor):
    settings.CURRENCY = currency
    assert money.read(typed) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "", ".", "0", "0.00", "-1", "+1", "1e3", "1,000", "1 000", "12.", ".5", "12.345", "NaN",
        "٣", "１２", "12.5.0", "0x10", "9" * 15, "9" * 400, "12\n13",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(settings, typed):
    settings.CURRENCY = "CNY"
    with pytest.raises(Invalid):
        money.read(typed)


@given(st.integers(1, MOST), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_what_is_written_is_read_back(minor, currency):
    with override_settings(CURRENCY=currency):
        assert money.read(money.plain(minor)) == minor


@pytest.mark.parametrize("code", ["", "yuan", "cny", "CNYX", "¥"])
def test_a_currency_that_is_none_is_told_at_the_start(settings, code):
    settings.CURRENCY = code
    with pytest.raises(ImproperlyConfigured):
        money.currency()
