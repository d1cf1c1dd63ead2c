"""Groups: who comes in and how, who reads what from when, leaving, removing, blocks inside."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Profile, User
from accounts.services import block_user, follow_user
from community.messaging import groups, rules
from community.messaging.models import Conversation, Member, Message
from community.messaging.reading import has_unread, listed_for, members_of
from community.messaging.services import Said, answer_request
from community.notifications.models import Notification


@pytest.fixture
def group(alice, bob):
    """Alice's, with Bob in it, who follows her."""
    return groups.make_group(maker=alice, title="Kiln days", usernames=["bob"])


def texts(person, group):
    rows = Message.objects.readable_by(person).filter(conversation=group, event="")
    return list(rows.order_by("pk").values_list("body", flat=True))


def events(person, group):
    rows = Message.objects.readable_by(person).filter(conversation=group).exclude(event="")
    return list(rows.order_by("pk").values_list("event", flat=True))


def test_followers_come_in_and_strangers_are_asked(alice, bob, charlie, group, say):
    say(alice, group, "Before")
    row = groups.add_member(actor=bob, conversation_id=group.pk, username="charlie")
    assert row.state == "requested"
    assert [n.kind for n in Notification.objects.filter(person=charlie)] == ["message"]
    say(alice, group, "While they wait")
    assert texts(charlie, group) == []
    assert [c.pk for c in listed_for(charlie, "requests")] == [group.pk]
    assert not has_unread(charlie)
    with pytest.raises(NotAllowed):
        say(charlie, group)
    answer_request(person=charlie, conversation_id=group.pk, accept=True)
    assert texts(charlie, group) == ["While they wait"]
    assert events(alice, group) == ["made", "added", "joined"]
    say(charlie, group, "Hello all")
    assert texts(bob, group)[-1] == "Hello all"


def test_a_group_needs_a_title_and_people_one_may_write_to(alice, bob, charlie):
    for title, names, error in (
        ("", ["bob"], Invalid),
        ("x" * 61, ["bob"], Invalid),
        ("Kiln", [], Invalid),
        ("Kiln", ["alice"], Invalid),
        ("Kiln", ["nobody"], NotFound),
    ):
        with pytest.raises(error):
            groups.make_group(maker=alice, title=title, usernames=names)
    Profile.objects.filter(person=charlie).update(may_message="nobody")
    with pytest.raises(Invalid):
        groups.make_group(maker=alice, title="Kiln", usernames=["bob", "charlie"])
    assert Conversation.objects.count() == Member.objects.count() == 0


def test_a_group_is_small(alice, bob, charlie, group, monkeypatch):
    monkeypatch.setattr(groups, "MOST_MEMBERS", 2)
    with pytest.raises(Invalid):
        groups.add_member(actor=alice, conversation_id=group.pk, username="charlie")
    assert rules.MOST_MEMBERS == 20


def test_nobody_asks_twice(alice, charlie, group):
    groups.add_member(actor=alice, conversation_id=group.pk, username="charlie")
    answer_request(person=charlie, conversation_id=group.pk, accept=False)
    with pytest.raises(Conflict):
        groups.add_member(actor=alice, conversation_id=group.pk, username="charlie")
    assert list(listed_for(charlie, "requests")) == []


def test_who_leaves_reads_nothing_and_comes_back_only_if_they_agree(alice, bob, group, say):
    say(alice, group, "One")
    groups.leave_group(person=bob, conversation_id=group.pk)
    assert texts(bob, group) == []
    assert list(listed_for(bob, "")) == []
    with pytest.raises(NotFound):
        say(bob, group)
    row = groups.add_member(actor=alice, conversation_id=group.pk, username="bob")
    assert row.state == "requested"
    answer_request(person=bob, conversation_id=group.pk, accept=True)
    assert texts(bob, group) == []


def test_only_the_maker_removes_and_the_part_passes_on(alice, bob, charlie, group, say):
    follow_user(follower=charlie, followed=alice)
    groups.add_member(actor=alice, conversation_id=group.pk, username="charlie")
    with pytest.raises(NotAllowed):
        groups.remove_member(actor=bob, conversation_id=group.pk, username="charlie")
    with pytest.raises(NotFound):
        groups.remove_member(actor=alice, conversation_id=group.pk, username="nobody")
    groups.leave_group(person=alice, conversation_id=group.pk)
    group.refresh_from_db()
    assert group.maker == bob
    groups.remove_member(actor=bob, conversation_id=group.pk, username="charlie")
    assert texts(charlie, group) == []
    groups.leave_group(person=bob, conversation_id=group.pk)
    assert not Conversation.objects.filter(pk=group.pk).exists()


def test_neither_of_two_with_a_block_reads_the_other_in_a_group(alice, bob, charlie, group, say):
    follow_user(follower=charlie, followed=alice)
    groups.add_member(actor=alice, conversation_id=group.pk, username="charlie")
    say(bob, group, "From Bob")
    block_user(blocker=charlie, blocked=bob)
    say(bob, group, "From Bob again")
    say(charlie, group, "From Charlie")
    assert texts(charlie, group) == ["From Charlie"]
    assert texts(bob, group) == ["From Bob", "From Bob again"]
    assert texts(alice, group) == ["From Bob", "From Bob again", "From Charlie"]
    assert {m.person.username for m in members_of([group.pk], bob)[group.pk]} == {"alice", "bob"}
    assert "added" not in events(bob, group)[2:]
    assert not Message.objects.worth_a_dot(charlie).filter(sender=bob).exists()


def test_words_of_the_suspended_are_not_read(alice, bob, group, say):
    say(bob, group, "From Bob")
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert texts(alice, group) == []


def test_members_rename_and_it_is_told(alice, bob, group):
    groups.rename_group(actor=bob, conversation_id=group.pk, title="Raku nights")
    groups.rename_group(actor=bob, conversation_id=group.pk, title="Raku nights")
    group.refresh_from_db()
    assert group.title == "Raku nights"
    assert events(alice, group) == ["made", "added", "renamed"]


def test_between_two_people_there_is_nothing_to_leave_or_name(alice, talk):
    with pytest.raises(NotAllowed):
        groups.leave_group(person=alice, conversation_id=talk.pk)
    with pytest.raises(NotAllowed):
        groups.rename_group(actor=alice, conversation_id=talk.pk, title="Us")
    with pytest.raises(NotAllowed):
        groups.add_member(actor=alice, conversation_id=talk.pk, username="charlie")


def test_what_is_said_first_stands_in_the_group(alice, bob):
    made = groups.make_group(maker=alice, title="Kiln", usernames=["bob"], said=Said(body="Hi all"))
    assert texts(bob, made) == ["Hi all"]
