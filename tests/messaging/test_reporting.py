"""A message is told to staff by whoever reads it; what it said is kept, whatever becomes of it."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotFound
from accounts.services import block_user
from community.messaging import keeping
from community.messaging.models import Message
from community.messaging.reporting import report_message
from community.moderation.models import Report
from tests.api.conftest import Program, assert_problem


def test_what_was_said_is_kept_when_it_is_taken_back(alice, bob, talk, say):
    message = say(alice, talk, "Something vile")
    report_message(reporter=bob, message_id=message.pk, reason="abuse")
    keeping.take_back(sender=alice, message_id=message.pk)
    report = Report.objects.get()
    assert report.excerpt == "Something vile"
    assert (report.person, report.about) == (alice, f"message {message.pk}")


def test_it_is_reported_from_a_closed_conversation_too(alice, bob, talk):
    block_user(blocker=alice, blocked=bob)
    report_message(reporter=bob, message_id=Message.objects.get().pk, reason="abuse")
    assert Report.objects.count() == 1


def test_only_what_one_reads_and_did_not_write_is_reported(alice, charlie, talk):
    message = Message.objects.get()
    with pytest.raises(NotFound):
        report_message(reporter=charlie, message_id=message.pk, reason="abuse")
    with pytest.raises(Invalid):
        report_message(reporter=alice, message_id=message.pk, reason="abuse")
    assert not Report.objects.exists()


def test_by_page_and_by_program(alice, bob, charlie, talk, as_person):
    message = Message.objects.get()
    client = as_person(bob)
    assert "/report/" in client.get(f"/messages/line/{message.pk}/").content.decode()
    assert client.post(f"/messages/line/{message.pk}/report/", {}).status_code in (200, 400)
    assert not Report.objects.exists()
    sent = client.post(f"/messages/line/{message.pk}/report/", {"reason": "spam"})
    assert sent.status_code == 303
    assert Report.objects.get().reporter == bob
    again = Program(bob).send("POST", f"messages/{message.pk}/report/", {"reason": "abuse"})
    assert again.status_code == 201
    theirs = Program(charlie).send("POST", f"messages/{message.pk}/report/", {"nonsense": 1})
    assert_problem(theirs, 404)
