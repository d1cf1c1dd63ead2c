"""Unread counts are exact after any interleaving: compared with a model that keeps plain lists."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services import block_user, follow_user, unblock_user
from community.messaging import groups, keeping
from community.messaging.models import Message
from community.messaging.reading import has_unread, listed_for
from community.messaging.services import Said, send_message, write_to

NAMES = ("alice", "bob", "charlie")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "say", "say", "read", "hide", "back", "clear", "block", "unblock"]),
        st.sampled_from(["pair", "group"]),
        st.integers(0, 2),
        st.integers(0, 9),
    ),
    max_size=40,
)


@dataclass
class Told:
    """A message as the model knows it."""

    pk: int
    place: str
    sender: int
    taken_back: bool = False
    hidden_for: set[int] = field(default_factory=set)


@dataclass
class Model:
    """What each of the three should count, from lists and sets alone."""

    said: list[Told] = field(default_factory=list)
    read: dict[tuple[int, str], int] = field(default_factory=dict)
    cleared: dict[tuple[int, str], int] = field(default_factory=dict)
    blocks: set[frozenset[int]] = field(default_factory=set)

    def parted(self, one, other):
        return frozenset((one, other)) in self.blocks

    def reads(self, who, told):
        return (
            (told.place == "group" or who != 2)
            and who not in told.hidden_for
            and told.pk > self.cleared.get((who, told.place), 0)
            and (told.place == "pair" or who == told.sender or not self.parted(who, told.sender))
        )

    def unread(self, who, place):
        return sum(
            self.reads(who, told)
            and told.sender != who
            and not told.taken_back
            and told.pk > self.read.get((who, place), 0)
            for told in self.said
            if told.place == place
        )


class World:
    """The same acts on rows and on the model."""

    def __init__(self, people):
        self.people, self.model = people, Model()
        alice = people[0]
        for one in people:
            for other in people:
                if one != other:
                    follow_user(follower=one, followed=other)
        first = write_to(sender=alice, username="bob", said=Said(body="x"))
        group = groups.make_group(maker=alice, title="Three", usernames=["bob", "charlie"])
        self.places = {"pair": first.conversation, "group": group}
        self.model.said.append(Told(first.pk, "pair", 0))
        self.model.read[0, "pair"] = first.pk

    def act(self, verb, place, who, number):
        if place == "pair" and who == 2 and verb not in ("block", "unblock"):
            return
        getattr(self, verb)(place, who, number)

    def mine(self, place, who):
        return [t for t in self.model.said if t.place == place and self.model.reads(who, t)]

    def say(self, place, who, number):
        if place == "pair" and self.model.parted(0, 1):
            return
        message = send_message(
            sender=self.people[who], conversation_id=self.places[place].pk, said=Said(body="x")
        )
        self.model.said.append(Told(message.pk, place, who))
        self.model.read[who, place] = message.pk

    def read(self, place, who, number):
        lines = self.mine(place, who)
        up_to = lines[number % len(lines)].pk if lines else 1
        keeping.mark_read(
            person=self.people[who], conversation_id=self.places[place].pk, up_to=up_to
        )
        if lines:
            known = self.model.read.get((who, place), 0)
            self.model.read[who, place] = max(known, up_to)

    def hide(self, place, who, number):
        if lines := self.mine(place, who):
            told = lines[number % len(lines)]
            keeping.hide_message(person=self.people[who], message_id=told.pk)
            told.hidden_for.add(who)

    def back(self, place, who, number):
        if own := [t for t in self.mine(place, who) if t.sender == who]:
            told = own[number % len(own)]
            keeping.take_back(sender=self.people[who], message_id=told.pk)
            told.taken_back = True

    def clear(self, place, who, number):
        keeping.clear_conversation(person=self.people[who], conversation_id=self.places[place].pk)
        last = Message.objects.filter(conversation=self.places[place]).latest("pk").pk
        self.model.cleared[who, place] = self.model.read[who, place] = last

    def block(self, place, who, number):
        other = (who + 1 + number % 2) % 3
        block_user(blocker=self.people[who], blocked=self.people[other])
        self.model.blocks.add(frozenset((who, other)))

    def unblock(self, place, who, number):
        other = (who + 1 + number % 2) % 3
        for one, two in ((who, other), (other, who)):
            unblock_user(blocker=self.people[one], blocked=self.people[two])
        self.model.blocks.discard(frozenset((who, other)))

    def check(self):
        for who, person in enumerate(self.people):
            for place, conversation in self.places.items():
                counted = Message.objects.unread_by(person).filter(conversation=conversation)
                expected = self.model.unread(who, place) if (place, who) != ("pair", 2) else 0
                assert counted.count() == expected, (NAMES[who], place)
            shown = {row.pk: row.unread for row in listed_for(person, "")}
            for place, conversation in self.places.items():
                if conversation.pk in shown:
                    assert shown[conversation.pk] == self.model.unread(who, place)
            assert has_unread(person) == any(shown.values())


@pytest.fixture
def people(make_person, settings):
    settings.NEW_MESSAGE_RATE = "1000000/24h"
    return [make_person(name) for name in NAMES]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_unread_counts_are_exact_after_any_interleaving(people, acts):
    with transaction.atomic():
        world = World(people)
        for act in acts:
            world.act(*act)
        world.check()
        transaction.set_rollback(True)
