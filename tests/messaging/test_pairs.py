"""Two people: one conversation, requests apart, blocks, suspensions, what each of them reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Blocked, CannotTieToSelf, Conflict, Invalid, NotAllowed, NotFound
from accounts.limits import TooOften
from accounts.models import Profile, User
from accounts.services import block_user, follow_user, mute_user, unblock_user
from community.messaging import keeping
from community.messaging.models import Conversation, Member, Message
from community.messaging.reading import has_unread, listed_for, rows_of
from community.messaging.rules import BODY_LENGTH, MOST_BEFORE_ANSWER
from community.messaging.services import Said, answer_request, forward_into, send_message, write_to
from community.models import Share
from community.notifications.models import Notification


def state_of(person, conversation):
    return Member.objects.get(conversation=conversation, person=person).state


def listed(person, shelf=""):
    return [row.pk for row in listed_for(person, shelf)]


def texts(person, conversation):
    rows = Message.objects.readable_by(person).filter(conversation=conversation)
    return list(rows.order_by("pk").values_list("body", flat=True))


def told(person):
    return Notification.objects.filter(person=person, kind="message").count()


def test_who_is_followed_writes_without_asking_and_nobody_is_told_beside_the_dot(alice, bob, talk):
    assert state_of(bob, talk) == "active"
    assert listed(alice) == listed(bob) == [talk.pk]
    assert has_unread(bob)
    assert not has_unread(alice)
    assert told(bob) == 0


def test_there_is_one_conversation_of_two_whoever_begins(alice, bob, talk, say):
    again = write_to(sender=bob, username="alice", said=Said(body="Hello back"))
    assert again.conversation == talk
    assert Conversation.objects.count() == 1
    assert texts(alice, talk) == texts(bob, talk) == ["Good morning", "Hello back"]


def test_a_strangers_words_wait_apart_with_one_notice_and_without_a_dot(
    alice, charlie, request_of, say
):
    say(charlie, request_of, "It is about the glaze")
    assert listed(alice) == []
    assert listed(alice, "requests") == [request_of.pk]
    assert texts(alice, request_of) == ["May I ask?", "It is about the glaze"]
    assert not has_unread(alice)
    assert told(alice) == 1
    notice = Notification.objects.get(person=alice, kind="message")
    assert notice.path == f"/messages/{request_of.pk}/"


def test_before_the_answer_there_are_few_words_and_nothing_else(
    alice, charlie, request_of, say, photo, make_note
):
    with pytest.raises(NotAllowed) as refused:
        say(charlie, request_of, "", uploads=[(photo(), "x.jpg")])
    assert refused.value.kind == "request_words_only"
    with pytest.raises(NotAllowed):
        say(charlie, request_of, "", note_id=make_note(charlie).pk)
    for _ in range(MOST_BEFORE_ANSWER - 1):
        say(charlie, request_of)
    with pytest.raises(Conflict):
        say(charlie, request_of)
    with pytest.raises(NotAllowed):
        say(alice, request_of)
    answer_request(person=alice, conversation_id=request_of.pk, accept=True)
    say(alice, request_of, "Yes")
    say(charlie, request_of, "", note_id=make_note(charlie).pk)
    assert listed(alice) == [request_of.pk]
    assert listed(alice, "requests") == []
    assert Notification.objects.get(person=alice, kind="message").read_at is not None


def test_a_refusal_is_silent_and_for_good_until_they_write_themselves(
    alice, charlie, request_of, say
):
    answer_request(person=alice, conversation_id=request_of.pk, accept=False)
    assert listed(alice, "requests") == listed(alice) == []
    assert listed(charlie) == [request_of.pk]
    say(charlie, request_of, "Still there?")
    assert listed(alice, "requests") == []
    assert told(alice) == 1
    with pytest.raises(NotFound):
        answer_request(person=alice, conversation_id=request_of.pk, accept=True)
    write_to(sender=alice, username="charlie", said=Said(body="Now"))
    assert listed(alice) == [request_of.pk]
    say(charlie, request_of, "Thank you")


def test_writing_to_who_asked_accepts(alice, charlie, request_of, say):
    write_to(sender=alice, username="charlie", said=Said(body="Ask"))
    assert state_of(alice, request_of) == "active"
    say(charlie, request_of, "How hot?")


def test_who_follows_meanwhile_needs_not_answer(alice, charlie, request_of, say):
    follow_user(follower=alice, followed=charlie)
    say(charlie, request_of, "Now that you follow me")
    assert state_of(alice, request_of) == "active"


@pytest.mark.parametrize(
    ("allows", "refused"), [("everyone", False), ("followed", True), ("nobody", True)]
)
def test_who_may_begin_is_the_receivers_choice(alice, charlie, allows, refused):
    Profile.objects.filter(person=alice).update(may_message=allows)
    if not refused:
        write_to(sender=charlie, username="alice", said=Said(body="Hello"))
        return
    with pytest.raises(NotAllowed):
        write_to(sender=charlie, username="alice", said=Said(body="Hello"))
    assert Conversation.objects.count() == 0
    assert told(alice) == 0


def test_a_choice_ends_requests_and_not_what_was_accepted(
    alice, bob, charlie, talk, request_of, say
):
    Profile.objects.filter(person__in=[alice, bob]).update(may_message="nobody")
    with pytest.raises(NotAllowed):
        say(charlie, request_of)
    say(alice, talk, "We know each other")


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_block_closes_a_conversation_to_both_and_opens_again(alice, bob, talk, say, who):
    say(bob, talk, "A question")
    one, other = (alice, bob) if who == "alice" else (bob, alice)
    block_user(blocker=one, blocked=other)
    for person in (alice, bob):
        assert listed(person) == []
        assert listed(person, "closed") == [talk.pk]
        assert texts(person, talk) == ["Good morning", "A question"]
        assert not has_unread(person)
        with pytest.raises(Blocked):
            say(person, talk)
        with pytest.raises(NotFound):
            write_to(
                sender=person, username="bob" if person == alice else "alice", said=Said(body="x")
            )
    assert Message.objects.count() == 2
    unblock_user(blocker=one, blocked=other)
    say(bob, talk, "Again")
    assert listed(alice) == [talk.pk]


def test_a_blocked_request_waits_no_longer(alice, charlie, request_of):
    block_user(blocker=alice, blocked=charlie)
    assert listed(alice, "requests") == []


def test_who_is_suspended_is_met_nowhere_and_is_back_afterwards(alice, bob, talk, say):
    say(bob, talk, "A question")
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert listed(alice) == listed(alice, "closed") == []
    assert texts(alice, talk) == ["Good morning"]
    with pytest.raises(NotFound):
        say(alice, talk)
    User.objects.filter(pk=bob.pk).update(is_active=True)
    assert listed(alice) == [talk.pk]


def test_an_account_that_is_gone_takes_its_words_along(alice, bob, talk, say):
    say(bob, talk, "A question")
    bob.delete()
    assert listed(alice) == []
    assert list(Message.objects.values_list("body", flat=True)) == ["Good morning"]


def test_who_is_muted_makes_no_dot(alice, bob, talk):
    mute_user(muter=bob, muted=alice)
    assert not has_unread(bob)
    assert listed(bob) == [talk.pk]


# ---------------------------------------------------------------- words
@pytest.mark.parametrize("body", ["", "   ", "\u200b\u200b", "\n\n"])
def test_nothing_is_no_message(alice, talk, say, body):
    with pytest.raises(Invalid):
        say(alice, talk, body)


def test_words_are_cleaned_and_bounded(alice, talk, say):
    assert say(alice, talk, "a\x00b\u202ec").body == "abc"
    assert len(say(alice, talk, "x" * BODY_LENGTH).body) == BODY_LENGTH
    with pytest.raises(Invalid):
        say(alice, talk, "x" * (BODY_LENGTH + 1))


def test_nobody_writes_to_themselves_or_to_nobody(alice):
    with pytest.raises(CannotTieToSelf):
        write_to(sender=alice, username="alice", said=Said(body="x"))
    with pytest.raises(NotFound):
        write_to(sender=alice, username="nobody", said=Said(body="x"))


def test_a_form_sent_twice_says_a_thing_once(alice, bob, talk, say):
    first, second = (say(alice, talk, "Once", once="abc") for _ in range(2))
    assert first == second
    assert say(bob, talk, "Once", once="abc") != first


def test_messages_and_strangers_are_counted_by_the_age_of_the_account(
    alice, charlie, make_person, settings, talk, say
):
    settings.NEW_MESSAGE_REQUEST_RATE = "1/24h"
    settings.MESSAGE_REQUEST_RATE = "2/24h"
    for name in ("dora", "emil", "fred"):
        make_person(name)
    write_to(sender=charlie, username="dora", said=Said(body="Hello"))
    with pytest.raises(TooOften):
        write_to(sender=charlie, username="emil", said=Said(body="Hello"))
    later = timezone.now() + timedelta(days=2)
    write_to(sender=charlie, username="emil", said=Said(body="Hello"), now=later)
    with pytest.raises(TooOften):
        write_to(sender=charlie, username="fred", said=Said(body="Hello"), now=later)
    settings.NEW_MESSAGE_RATE = "2/5m"
    say(alice, talk)
    with pytest.raises(TooOften):
        say(alice, talk)


# ---------------------------------------------------------------- one's own side
def test_what_one_deletes_is_gone_for_oneself_alone(alice, bob, talk, say):
    message = say(alice, talk, "Look")
    keeping.hide_message(person=bob, message_id=message.pk)
    assert texts(bob, talk) == ["Good morning"]
    assert texts(alice, talk) == ["Good morning", "Look"]
    with pytest.raises(NotFound):
        keeping.hide_message(person=bob, message_id=message.pk)
    keeping.clear_conversation(person=bob, conversation_id=talk.pk)
    assert listed(bob) == []
    say(alice, talk, "New")
    assert texts(bob, talk) == ["New"]
    assert listed(bob) == [talk.pk]


def test_what_is_taken_back_is_gone_for_everybody_within_its_time(alice, bob, talk, say):
    message = say(alice, talk, "A slip")
    with pytest.raises(NotAllowed):
        keeping.take_back(sender=bob, message_id=message.pk)
    late = timezone.now() + keeping.TAKE_BACK_WITHIN + timedelta(seconds=5)
    with pytest.raises(Conflict):
        keeping.take_back(sender=alice, message_id=message.pk, now=late)
    keeping.take_back(sender=alice, message_id=message.pk)
    keeping.take_back(sender=alice, message_id=message.pk)
    message.refresh_from_db()
    assert (message.body, message.taken_back_at is None) == ("", False)
    assert rows_of(list(listed_for(bob, "")), bob)[0].line == "Taken back"
    assert Message.objects.unread_by(bob).filter(conversation=talk).count() == 1


def test_reading_goes_forward_and_not_beyond_what_there_is(alice, bob, talk, say):
    second = say(alice, talk, "Two")
    assert keeping.mark_read(person=bob, conversation_id=talk.pk, up_to=second.pk - 1) == 1
    assert keeping.mark_read(person=bob, conversation_id=talk.pk, up_to=10**15) == 0
    assert keeping.mark_read(person=bob, conversation_id=talk.pk, up_to=1) == 0
    say(alice, talk, "Three")
    assert has_unread(bob)


# ---------------------------------------------------------------- notes
def test_a_forwarded_note_carries_the_senders_link_and_is_shown_as_far_as_it_may_be(
    alice, bob, talk, make_note, charlie
):
    note = make_note(charlie, "A blue bowl")
    count = forward_into(
        sender=alice, note_id=note.pk, conversation_ids=[talk.pk], words="Look", now=timezone.now()
    )
    assert count == 1
    assert Share.objects.get(note=note).person == alice
    message = Message.objects.latest("pk")
    assert (message.note_id, message.body) == (note.pk, "Look")


def test_a_note_goes_into_all_chosen_conversations_or_none(
    alice, bob, charlie, talk, make_note, request_of
):
    note = make_note(alice)
    with pytest.raises(NotAllowed):
        forward_into(
            sender=alice, note_id=note.pk, conversation_ids=[talk.pk, request_of.pk],
            now=timezone.now(),
        )  # fmt: skip
    with pytest.raises(NotFound):
        forward_into(
            sender=bob, note_id=note.pk, conversation_ids=[talk.pk, request_of.pk],
            now=timezone.now(),
        )  # fmt: skip
    assert not Message.objects.filter(has_note=True).exists()
    secret = make_note(alice, "Mine", visibility="private")
    with pytest.raises(Invalid):
        forward_into(
            sender=alice, note_id=secret.pk, conversation_ids=[talk.pk], now=timezone.now()
        )
    with pytest.raises(NotFound):
        forward_into(sender=bob, note_id=secret.pk, conversation_ids=[talk.pk], now=timezone.now())


def test_others_conversations_are_not_there(charlie, talk):
    with pytest.raises(NotFound):
        send_message(sender=charlie, conversation_id=talk.pk, said=Said(body="x"))
    for act in (keeping.mark_read, keeping.clear_conversation):
        with pytest.raises(NotFound):
            act(person=charlie, conversation_id=talk.pk)
