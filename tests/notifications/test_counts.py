"""Whatever happens in whatever order, the figures are those that one would count by hand.

The model below knows nothing of the code: who told what, who is kept away, what was read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from accounts.models import User
from accounts.services import block_user, mute_user, unblock_user, unmute_user
from community.models import Note
from community.notifications import reading
from community.notifications.grouping import groups_of
from community.notifications.models import Notification
from community.notifications.services import tell

DAYS = 3
START = datetime(2026, 5, 4, 8, tzinfo=UTC)


@dataclass
class Told:
    kind: str
    actor: int
    note: int | None
    day: int
    read: bool = False


@dataclass
class ByHand:
    told: list[Told] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)  # by the reader
    blocking: set[int] = field(default_factory=set)  # the reader
    muted: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def away(self, actor):
        return actor in self.blocked | self.blocking | self.muted | self.gone

    def seen(self):
        return [t for t in self.told if not self.away(t.actor) and t.note not in self.hidden]

    def unread(self):
        return sum(not t.read for t in self.seen())

    def groups(self):
        """By kind, thing and day: (people, notices, unread)."""
        found = {}
        for told in self.seen():
            found.setdefault((told.kind, told.note, told.day), []).append(told)
        return Counter(
            (len({t.actor for t in some}), len(some), sum(not t.read for t in some))
            for some in found.values()
        )


class World:
    """A reader, people, notes of the reader's, and every act done twice: really and by hand."""

    def __init__(self, reader, others, notes, chance):
        self.reader, self.others, self.notes = reader, others, notes
        self.chance, self.hand = chance, ByHand()

    def tells(self):
        kind = self.chance.choice(["like", "collect", "follow"])
        actor, note = self.chance.choice(self.others), self.chance.choice(self.notes)
        note_id = None if kind == "follow" else note.pk
        day = self.chance.randrange(DAYS)
        at = START + timedelta(days=day, minutes=self.chance.randrange(600))
        tell(person_id=self.reader.pk, kind=kind, actor_id=actor.pk, note_id=note_id, now=at)
        known = any((t.kind, t.actor, t.note) == (kind, actor.pk, note_id) for t in self.hand.told)
        if not known and not self.hand.away(actor.pk):
            self.hand.told.append(Told(kind, actor.pk, note_id, day))

    def parts(self):
        """Blocks, is blocked, mutes, leaves, or the other way round."""
        actor = self.chance.choice(self.others)
        acts = {
            "blocked": (self._block, self.hand.blocked),
            "blocking": (self._is_blocked, self.hand.blocking),
            "muted": (self._mute, self.hand.muted),
            "gone": (self._leave, self.hand.gone),
        }
        act, noted = acts[self.chance.choice(sorted(acts))]
        act(actor, actor.pk not in noted)
        noted ^= {actor.pk}

    def _block(self, actor, on):
        if on:
            block_user(blocker=self.reader, blocked=actor)
        else:
            unblock_user(blocker=self.reader, blocked=actor)

    def _is_blocked(self, actor, on):
        if on:
            block_user(blocker=actor, blocked=self.reader)
        else:
            unblock_user(blocker=actor, blocked=self.reader)

    def _mute(self, actor, on):
        if on:
            mute_user(muter=self.reader, muted=actor)
        else:
            unmute_user(muter=self.reader, muted=actor)

    def _leave(self, actor, on):
        User.objects.filter(pk=actor.pk).update(is_active=not on)

    def deletes(self):
        note = self.chance.choice(self.notes)
        Note.objects.filter(pk=note.pk).update(
            deleted_at=None if note.pk in self.hand.hidden else START
        )
        self.hand.hidden ^= {note.pk}

    def reads_a_group(self):
        heads = list(Notification.objects.shown_to(self.reader).heads())
        if not heads:
            return
        head = self.chance.choice(heads)
        reading.mark_group_read(person=self.reader, notice_id=head.pk, now=START)
        day = (head.created_at - START).days
        for told in self.hand.told:
            if (told.kind, told.note, told.day) == (head.kind, head.note_id, day):
                told.read = True

    def reads_all(self):
        reading.mark_read(person=self.reader, now=START)
        for told in self.hand.told:
            told.read = True

    def compare(self):
        assert reading.unread_count(self.reader) == self.hand.unread()
        mine = Notification.objects.shown_to(self.reader)
        shown = groups_of(mine.heads(), mine)
        assert Counter((g.people, g.notices, g.unread) for g in shown) == self.hand.groups()
        assert sum(g.unread for g in shown) == self.hand.unread()


def live_through(world, steps, *, look_every):
    acts = [world.tells] * 12 + [world.parts] * 4 + [world.deletes, world.reads_a_group] * 2
    for step in range(steps):
        act = world.reads_all if step % 97 == 96 else world.chance.choice(acts)
        act()
        if step % look_every == 0:
            world.compare()
    world.compare()


@pytest.fixture
def world(alice, make_person, make_note):
    others = [make_person(f"other{n}") for n in range(8)]
    notes = [make_note(alice, f"Note {n}", ago=timedelta(days=9)) for n in range(4)]
    return lambda seed: World(alice, others, notes, Random(seed))


@pytest.mark.parametrize("seed", range(4))
def test_unread_and_groups_are_exact_whatever_happens_in_whatever_order(world, seed):
    live_through(world(seed), 250, look_every=5)


@pytest.mark.drill
def test_they_are_exact_after_thousands_of_acts(world):
    live_through(world(77), 3_000, look_every=50)
