"""The statement: every move once, with what it was for, in pages and as a file."""

import csv
import io
from datetime import UTC, datetime

import pytest

from accounts.spreadsheets import safe_cell
from accounts.wallet import services as wallet
from accounts.wallet.statement import csv_of, lines_of, statement_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def moved(alice, bob):
    """Alice got 1,000, set 600 aside, 250 were earned, the rest came back; Bob has his own."""
    for person in (alice, bob):
        wallet.top_up(
            person=person, amount=1_000, key=f"t{person.pk}", source="staff", remark="=1+1", now=NOW
        )
    hold = wallet.hold(person=alice, amount=600, key="h", about="something:1", now=NOW)
    wallet.earn(hold=hold, amount=250, key="e", now=NOW)
    wallet.release(hold=hold, key="r", now=NOW)
    return hold


def test_lines_add_up_to_the_balances(alice, moved):
    lines = lines_of(alice, list(statement_of(alice)))
    assert [(line.entry.kind, line.free, line.held) for line in lines] == [
        ("release", 350, -350),
        ("earn", 0, -250),
        ("hold", -600, 600),
        ("top_up", 1_000, 0),
    ]
    balances = wallet.balances_of(alice)
    assert sum(line.free for line in lines) == balances.free == 750
    assert sum(line.held for line in lines) == balances.held == 0


def test_a_statement_shows_nothing_of_others(alice, bob, charlie, moved):
    assert statement_of(bob).count() == 1
    assert statement_of(charlie).count() == 0
    assert {row.key for row in statement_of(alice)} == {
        f"t{alice.pk}", "e", "r", f"hold:{moved.pk}",
    }  # fmt: skip


def test_a_purpose_that_nobody_reads_stands_for_itself(alice, moved):
    [line, *_] = lines_of(alice, list(statement_of(alice)))
    assert line.purpose.text == "something:1"
    assert line.purpose.address == ""


def test_a_page_of_lines_costs_the_same_however_long(alice, moved, django_assert_num_queries):
    for n in range(30):
        wallet.hold(person=alice, amount=1, key=f"x{n}", about=f"boost:{n}", now=NOW)
    with django_assert_num_queries(3):  # accounts, entries, orders by kind
        assert len(lines_of(alice, list(statement_of(alice)[:20]))) == 20


def test_the_file_has_every_line_and_no_formula(alice, moved, monkeypatch):
    monkeypatch.setattr("accounts.wallet.statement.AT_ONCE", 2)
    head, *rows = csv.reader(io.StringIO("".join(csv_of(alice))))
    assert head == ["Number", "Time", "What", "For", "Free", "Held", "Currency"]
    assert [row[4:] for row in rows] == [
        ["3.50", "-3.50", "CNY"],
        ["0.00", "-2.50", "CNY"],
        ["-6.00", "6.00", "CNY"],
        ["10.00", "0.00", "CNY"],
    ]
    assert rows[-1][3] == "Confirmed by the community's staff: =1+1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("A bowl", "A bowl"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
    ],
)
def test_a_cell_is_no_formula(text, cell):
    assert safe_cell(text) == cell
