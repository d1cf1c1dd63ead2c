"""Digests by mail where notices appear in another order than their numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection, connections, transaction

from community.notifications import digests, preferences
from community.notifications.services import tell

MONDAY = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
BEFORE = MONDAY - timedelta(hours=1)


@pytest.fixture
def reader(file_database, make_person):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time: make test-scaled")
    person = make_person("alice")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    preferences.choose(person=person, digest="daily")
    return person


def follow_late(person, follower, written, go_on):
    """Write a notice, and end its transaction only when told so."""
    with transaction.atomic():
        tell(person_id=person.pk, kind="follow", actor_id=follower.pk, now=BEFORE)
        written.set()
        go_on.wait(60)
    connections.close_all()


def morning(now):
    mail.outbox.clear()
    digests.note_due(now=now)
    digests.send_due(now=now)
    return "".join(message.body for message in mail.outbox)


def test_a_notice_that_appears_below_others_is_told_by_the_next_digest(reader, make_person):
    slow, quick = make_person("slow"), make_person("quick")
    written, go_on = Event(), Event()
    late = Thread(target=follow_late, args=(reader, slow, written, go_on))
    late.start()
    try:
        assert written.wait(60)
        tell(person_id=reader.pk, kind="follow", actor_id=quick.pk, now=BEFORE)
        first = morning(MONDAY)
    finally:
        go_on.set()
        late.join()
    assert ("quick" in first, "slow" in first) == (True, False)
    second = morning(MONDAY + DAY)
    assert ("quick" in second, "slow" in second) == (False, True)
    assert morning(MONDAY + 2 * DAY) == ""
