"""Conversations written to by many at once: one of two people, nothing lost, nothing twice."""

from __future__ import annotations

import uuid

import pytest

from accounts.errors import DomainError
from accounts.services import follow_user
from community.messaging import groups, keeping
from community.messaging.models import Conversation, Member, Message
from community.messaging.rules import MOST_BEFORE_ANSWER
from community.messaging.services import Said, answer_request, send_message, write_to
from community.models import IdempotentAnswer
from community.notifications.models import Notification
from community.services.idempotency import answer_once


def strange(answers):
    """Failures that are no refusal."""
    return [a for a in answers if isinstance(a, Exception) and not isinstance(a, DomainError)]


def test_both_begin_at_once_and_there_is_one_conversation(
    file_database, alice, bob, settings, at_once
):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    follow_user(follower=alice, followed=bob)
    acts = [
        lambda one=one, name=name: write_to(sender=one, username=name, said=Said(body="Hello"))
        for one, name in ((alice, "bob"), (bob, "alice"))
        for _ in range(15)
    ]
    answers = at_once(acts[::2] + acts[1::2], threads=4)
    assert strange(answers) == []
    conversation = Conversation.objects.get()
    assert Member.objects.count() == 2
    assert Message.objects.filter(conversation=conversation).count() == 30
    assert Message.objects.unread_by(alice).count() <= 15


def test_every_message_counts_once_while_others_read(file_database, alice, bob, settings, at_once):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    talk = write_to(sender=alice, username="bob", said=Said(body="0")).conversation
    sends = [
        lambda n=n: send_message(sender=alice, conversation_id=talk.pk, said=Said(body=f"{n}"))
        for n in range(1, 40)
    ]
    reads = [lambda: keeping.mark_read(person=bob, conversation_id=talk.pk)] * 20
    answers = at_once(
        [act for pair in zip(sends, reads * 2, strict=False) for act in pair], threads=4
    )
    assert strange(answers) == []
    assert sorted(int(b) for b in Message.objects.values_list("body", flat=True)) == list(range(40))
    last = Member.objects.get(conversation=talk, person=bob).last_read
    assert Message.objects.unread_by(bob).count() == Message.objects.filter(pk__gt=last).count()
    keeping.mark_read(person=bob, conversation_id=talk.pk)
    assert Message.objects.unread_by(bob).count() == 0


@pytest.mark.letter("A3")
def test_the_same_key_says_a_thing_once_and_gives_the_same_answer(
    file_database, alice, bob, settings, at_once
):
    settings.NEW_MESSAGE_RATE = "1000/5m"
    talk = write_to(sender=alice, username="bob", said=Said(body="First")).conversation
    keys = [uuid.uuid4().hex for _ in range(5)]

    def send(key):
        def write():
            said = Said(body=key)
            message = send_message(sender=alice, conversation_id=talk.pk, said=said)
            return 201, {"id": message.pk}

        return answer_once(person=alice, key=key, route="POST x", body_digest=key, write=write)

    answers = at_once([lambda key=key: send(key) for key in keys * 8], threads=4)
    assert strange(answers) == []
    assert Message.objects.filter(body__in=keys).count() == len(keys)
    assert len({answer.body["id"] for answer in answers}) == len(keys)
    assert IdempotentAnswer.objects.count() == len(keys)
    at_once(
        [lambda: send_message(sender=alice, conversation_id=talk.pk,
                              said=Said(body="form", once="one"))] * 12,
        threads=4,
    )  # fmt: skip
    assert Message.objects.filter(body="form").count() == 1


def test_limits_of_requests_and_groups_hold_when_many_press_at_once(
    file_database, alice, charlie, make_person, settings, at_once, monkeypatch
):
    settings.NEW_MESSAGE_RATE = settings.NEW_MESSAGE_REQUEST_RATE = "1000/5m"
    asks = [lambda: write_to(sender=charlie, username="alice", said=Said(body="May I?"))] * 12
    assert strange(at_once(asks, threads=4)) == []
    assert Message.objects.count() == MOST_BEFORE_ANSWER
    assert Notification.objects.filter(person=alice, kind="message").count() == 1
    asked = Conversation.objects.get()
    answers = at_once(
        [lambda yes=yes: answer_request(person=alice, conversation_id=asked.pk, accept=yes)
         for yes in (True, False) * 5],
        threads=4,
    )  # fmt: skip
    assert [a for a in answers if a is None] == [None]
    monkeypatch.setattr(groups, "MOST_MEMBERS", 4)
    names = [make_person(f"friend{n}").username for n in range(7)]
    group = groups.make_group(maker=alice, title="Small", usernames=names[:1])
    at_once(
        [lambda name=name: groups.add_member(actor=alice, conversation_id=group.pk, username=name)
         for name in names[1:] * 2],
        threads=4,
    )  # fmt: skip
    assert Member.objects.filter(conversation=group).count() == 4
