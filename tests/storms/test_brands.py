"""Teams, applications and counts when several act in the same moment: one wins, none is lost."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.errors import Conflict, DomainError
from community.brands import team, verification
from community.brands.models import Brand, Invitation, Member, ProductClicks
from community.brands.products import ProductFacts, add_product
from community.brands.services import BrandPage, open_brand

NOW = timezone.now()
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


@pytest.fixture
def rush(at_once):
    """Functions that start together."""

    def call(functions):
        together = threading.Barrier(len(functions))

        def after_all(function):
            def run():
                together.wait()
                return function()

            return run

        return at_once([after_all(function) for function in functions], threads=len(functions))

    return call


@pytest.fixture
def shore(file_database, make_person):
    """Two owners of one brand, and somebody who is asked; in the database that threads share."""
    nell, otis, pia = (make_person(name) for name in ("nell", "otis", "pia"))
    brand = open_brand(owner=nell, slug="lowbay", page=BrandPage(name="Low Bay"), now=NOW)
    Member.objects.create(brand=brand, person=otis, role="owner", joined_at=NOW)
    asked = team.invite(actor=nell, slug="lowbay", username="pia", role="editor", now=NOW)
    return SimpleNamespace(nell=nell, otis=otis, pia=pia, brand=brand, asked=asked)


def test_of_two_owners_who_leave_at_once_one_stays(shore, rush):
    said = rush(
        [lambda p=p: team.leave(person=p, slug="lowbay", now=NOW) for p in (shore.nell, shore.otis)]
    )
    assert [type(answer) for answer in said].count(Conflict) == 1
    assert Member.objects.filter(role="owner").count() == 1


def test_an_invitation_accepted_and_declined_and_taken_back_at_once_is_settled_once(shore, rush):
    pk = shore.asked.pk
    said = rush(
        [
            lambda: team.accept(person=shore.pia, invitation_id=pk, now=NOW),
            lambda: team.accept(person=shore.pia, invitation_id=pk, now=NOW),
            lambda: team.decline(person=shore.pia, invitation_id=pk, now=NOW),
            lambda: team.withdraw_invitation(
                actor=shore.nell, slug="lowbay", username="pia", now=NOW
            ),
        ]
    )
    assert sum(isinstance(answer, DomainError) for answer in said) == 3, said
    is_in = Member.objects.filter(person=shore.pia).count()
    assert is_in == (Invitation.objects.get().state == "accepted")


@pytest.mark.letter("A3")
def test_a_handle_is_had_by_one(file_database, make_person, rush):
    people = [make_person(name) for name in ("quin", "rhea", "saul")]
    said = rush(
        [
            lambda p=p, n=n: open_brand(
                owner=p,
                slug=("lowbay", "l0wbay", "low-bay")[n],
                page=BrandPage(name="Bay"),
                now=NOW,
            )
            for n, p in enumerate(people)
        ]
    )
    assert [type(answer) for answer in said].count(Conflict) == 2, said
    assert Brand.objects.count() == Member.objects.count() == 1


def test_two_of_the_staff_who_decide_at_once_decide_once(shore, make_person, rush, tmp_path):
    staff = make_person("tess")
    staff.is_superuser = True
    staff.save()
    file = tmp_path / "licence.pdf"
    file.write_bytes(b"%PDF-1.7\n%%EOF\n")
    with file.open("rb") as opened:
        row = verification.apply(
            actor=shore.nell, slug="lowbay", words="", files=[(opened, "a.pdf")], now=NOW
        )
    facts = {"by": staff, "verification_id": row.pk, "reason": "Looked at", "now": NOW}
    said = rush([lambda: verification.approve(**facts), lambda: verification.refuse(**facts)])
    assert [type(answer) for answer in said].count(Conflict) == 1, said
    row.refresh_from_db()
    shore.brand.refresh_from_db()
    assert (row.state == "approved") == (shore.brand.verified_until is not None)
    assert shore.brand.log.filter(act__in=["approved", "refused"]).count() == 1


def test_clicks_of_many_at_once_are_all_counted_and_of_one_once(shore, rush):
    facts = ProductFacts(name="Lamp", link="https://lowbay.example.com/")
    product = add_product(actor=shore.nell, slug="lowbay", facts=facts, now=NOW)
    cache.clear()

    def click(address):
        return Client().get(
            f"/out/products/{product.pk}/", headers=PERSON, REMOTE_ADDR=address
        ).status_code  # fmt: skip

    said = rush([lambda n=n: click(f"198.51.100.{n // 2}") for n in range(12)])
    assert said == [302] * 12
    assert ProductClicks.objects.get().clicks == 6
