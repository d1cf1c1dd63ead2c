"""Rules and messages: of strangers the words; between people who talk addresses and numbers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.errors import Invalid
from accounts.models import TokenName
from accounts.services import follow_user
from community.messaging.models import Conversation, Message
from community.messaging.services import Said, answer_request, send_message, write_to
from community.models import Note, NoteImage
from community.notifications.models import Notification
from community.outbox import jobs
from community.rules import services
from community.rules.errors import RefusedByRule
from community.rules.models import Hit
from community.schedules.models import Schedule
from community.schedules.services import note_what_is_due, schedule_note

MESSAGE = {"act": "refuse", "places": ("message",)}


def write_words(sender, to, body):
    return write_to(sender=sender, username=to.username, said=Said(body=body))


@pytest.fixture
def talking(alice, bob):
    """Bob follows Alice: she may write to him, and he answered."""
    talk = write_words(alice, bob, "Good morning").conversation
    send_message(sender=bob, conversation_id=talk.pk, said=Said(body="Morning"))
    return talk


def test_a_request_with_a_listed_word_is_refused_and_leaves_nothing(live, charlie, alice):
    live("words", words="spam", **MESSAGE)
    with pytest.raises(RefusedByRule) as refusal:
        write_words(charlie, alice, "s p a m for you")
    assert refusal.value.field == "body"
    assert "try again" in str(refusal.value)
    assert not Conversation.objects.exists()
    write_words(charlie, alice, "May I ask?")


def test_words_between_people_who_talk_are_theirs(live, talking, alice, charlie):
    live("words", words="spam", **MESSAGE)
    send_message(sender=alice, conversation_id=talking.pk, said=Said(body="spam"))
    asked = write_words(charlie, alice, "May I ask?").conversation
    with pytest.raises(RefusedByRule):
        send_message(sender=charlie, conversation_id=asked.pk, said=Said(body="spam"))
    answer_request(person=alice, conversation_id=asked.pk, accept=True)
    send_message(sender=charlie, conversation_id=asked.pk, said=Said(body="spam"))
    assert Hit.objects.count() == 0


def test_addresses_are_looked_at_in_every_message(live, talking, alice):
    live("links", domains="bad.example", **MESSAGE)
    with pytest.raises(RefusedByRule):
        send_message(sender=alice, conversation_id=talking.pk, said=Said(body="go bad.example"))
    send_message(sender=alice, conversation_id=talking.pk, said=Said(body="go good.example"))


def test_too_many_messages_in_a_short_time_are_refused(live, talking, alice):
    live("rate", most=3, minutes=60, **MESSAGE)
    for number in range(2):
        send_message(sender=alice, conversation_id=talking.pk, said=Said(body=str(number)))
    with pytest.raises(RefusedByRule):
        send_message(sender=alice, conversation_id=talking.pk, said=Said(body="More"))
    assert Message.objects.filter(sender=alice).count() == 3


def test_a_rule_for_messages_can_only_refuse(write):
    for act in ("hold", "limit", "label", "report"):
        with pytest.raises(Invalid):
            write("words", words="spam", act=act, places=("message",))


def test_a_hit_keeps_nothing_of_a_message(write, senior, charlie, alice, make_person):
    version = write("words", words="spam", **MESSAGE)
    services.shadow(by=senior, version_id=version.pk, now=timezone.now())
    for to in (alice, make_person("dora")):
        write_to(sender=charlie, username=to.username, said=Said(body="spam again"))
    rows = Hit.objects.filter(version=version)
    assert {(h.author, h.place, h.digest, tuple(h.spans)) for h in rows} == {
        (charlie, "message", 0, ())
    }
    assert rows.count() == 2


# ---------------------------------------------------------------- refusals are counted
def test_what_a_page_was_refused_is_kept_in_the_form_and_counted(live, charlie, alice):
    version = live("words", words="spam", **MESSAGE)
    client = Client()
    client.force_login(charlie, backend="accounts.backends.PersonBackend")
    answer = client.post("/messages/new/", {"to": "alice", "body": "My spam, long thought of"})
    assert answer.status_code == 400
    assert b"My spam, long thought of" in answer.content
    assert Hit.objects.filter(version=version, done="refuse", author=charlie).count() == 1


def test_what_a_program_was_refused_is_counted(live, charlie, alice):
    version = live("words", words="spam", **MESSAGE)
    row, secret = AuthToken.objects.create(charlie)
    TokenName.objects.create(token=row, scopes="messages")
    answer = Client().post(
        "/api/v1/conversations/", {"to": ["alice"], "body": "spam"}, "application/json",
        headers={"Authorization": f"Token {secret}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "refused_by_rule")
    assert Hit.objects.filter(version=version, done="refuse").count() == 1


def test_what_a_worker_was_refused_is_counted(live, alice, make_note):
    """A draft that was to publish itself."""
    note = make_note(alice, "spam", publish=False)
    now = timezone.now()
    schedule_note(author=alice, note_id=note.pk, publish_at=now + timedelta(hours=1), now=now)
    version = live("words", words="spam", act="refuse")
    NoteImage.objects.update(state=NoteImage.State.READY)
    Schedule.objects.update(publish_at=now - timedelta(seconds=1))
    note_what_is_due(now=now)
    jobs.work_off("default")
    assert Note.objects.get(pk=note.pk).state == Note.State.DRAFT
    assert Hit.objects.filter(version=version, done="refuse", author=alice).count() == 1


def test_nobody_hears_of_no_request_that_was_refused(live, charlie, alice):
    live("words", words="spam", **MESSAGE)
    follow_user(follower=charlie, followed=alice)
    with pytest.raises(RefusedByRule):
        write_words(charlie, alice, "spam")
    assert not Notification.objects.filter(person=alice, kind="message").exists()
