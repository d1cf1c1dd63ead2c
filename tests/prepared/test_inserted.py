"""Rows inserted without an object of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from community.outbox.models import Job
from community.rows import insert_rows
from feeds.models import PoolDelivery

DELIVERY = ("note", "tier", "person", "reserved_at", "seen_at", "counts")


def test_rows_that_exist_are_left_or_renewed(alice: User, bob: User, make_note: Any) -> None:
    note, now = make_note(author=alice), timezone.now()
    later = now + timedelta(minutes=1)
    rows = [(note.pk, 0, person.pk, now, None, True) for person in (alice, bob)]
    insert_rows(PoolDelivery, DELIVERY, rows)
    insert_rows(PoolDelivery, DELIVERY, [(note.pk, 0, bob.pk, later, later, False)])
    assert PoolDelivery.objects.get(person=bob).seen_at is None
    insert_rows(
        PoolDelivery,
        DELIVERY,
        [(note.pk, 0, bob.pk, later, later, False), (note.pk, 1, bob.pk, later, None, True)],
        unique=("note", "tier", "person"),
        renewed=("seen_at", "counts"),
    )
    found = PoolDelivery.objects.order_by("tier", "person").values_list(*DELIVERY)
    assert list(found) == [
        (note.pk, 0, alice.pk, now, None, True),
        (note.pk, 0, bob.pk, now, later, False),
        (note.pk, 1, bob.pk, later, None, True),
    ]
    insert_rows(PoolDelivery, DELIVERY, [])


@pytest.mark.django_db
def test_columns_left_out_get_their_defaults_and_a_wrong_name_is_refused() -> None:
    now = timezone.now()
    insert_rows(Job, ("kind", "run_at", "created_at"), [("feeds.digest", now, now)])
    job = Job.objects.get()
    assert (job.queue, job.state, job.arguments, job.tries, job.lease_until) == (
        "default", "ready", {}, 0, None,
    )  # fmt: skip
    with pytest.raises(TypeError, match="no column"):
        insert_rows(User, ("profile",), [(1,)])
