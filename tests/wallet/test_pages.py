"""The wallet's pages, as a person and as a program meet them."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from accounts.wallet import services as wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(alice):
    wallet.top_up(
        person=alice, amount=123_450, key="t", source="staff", remark="May", now=timezone.now()
    )
    wallet.hold(person=alice, amount=3_000, key="h", about="boost:99", now=timezone.now())


def text(answer):
    return answer.content.decode()


def test_a_person_sees_what_is_there_and_what_it_was_for(alice, rich, visit):
    page = text(visit(alice).get("/wallet/"))
    for words in ("¥1,204.50", "¥30.00", "by the community&#x27;s staff: May", "+¥1,234.50"):
        assert words in page, words
    assert 'href="/wallet/"' in text(visit(alice).get("/settings/"))


def test_visitors_are_asked_to_log_in(rich):
    for path in ("/wallet/", "/wallet/statement.csv"):
        assert Client().get(path).status_code == 302
    assert Client().get("/api/v1/wallet/").status_code == 401


def test_an_empty_wallet_says_so(bob, visit):
    page = text(visit(bob).get("/wallet/"))
    assert "Nothing has moved yet" in page
    assert "¥0.00" in page


def test_a_long_statement_is_paged_without_gaps(alice, visit):
    for n in range(65):
        wallet.top_up(person=alice, amount=1, key=f"t{n}", source="staff", now=timezone.now())
    browser, path, counts = visit(alice), "/wallet/", []
    while path:
        page = text(browser.get(path))
        counts.append(page.count('class="wallet-line"'))
        older = page.split('href="/wallet/?before=')[1:]
        path = "/wallet/?before=" + older[0].split('"')[0] if older else ""
    assert counts == [30, 30, 5]


@pytest.mark.parametrize("before", ["-1", "x", "٣", "9" * 30, "0", "1'--"])
def test_a_wrong_place_in_the_statement_breaks_nothing(alice, rich, visit, before):
    assert visit(alice).get("/wallet/", {"before": before}).status_code == 200


def test_the_file_is_the_persons_own_and_nobody_keeps_it(alice, bob, rich, visit):
    answer = visit(alice).get("/wallet/statement.csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 3
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    others = visit(bob).get("/wallet/statement.csv").getvalue().decode("utf-8-sig")
    assert len(others.splitlines()) == 1


def test_a_program_reads_the_wallet(alice, rich, visit):
    program = visit(alice)
    assert program.get("/api/v1/wallet/").json() == {
        "currency": "CNY", "digits": 2, "free": 120_450, "held": 3_000,
    }  # fmt: skip
    page = program.get("/api/v1/wallet/transactions/?limit=1").json()
    [line] = page["results"]
    assert (line["kind"], line["about"], line["free"], line["held"]) == (
        "hold", "boost:99", -3_000, 3_000,
    )  # fmt: skip
    page = program.get(page["next"]).json()
    assert [line["free"] for line in page["results"]] == [123_450]
    assert page["next"] is None


def test_the_wallet_costs_few_statements(alice, rich, visit, django_assert_max_num_queries):
    browser = visit(alice)
    with django_assert_max_num_queries(8):
        browser.get("/wallet/")
