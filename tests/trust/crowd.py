"""Communities of known behaviour: who likes whose notes, how much, and when."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.contrib.auth.hashers import make_password

from accounts.models import Profile, User
from community.models import Channel, Like, Note
from feeds.models import Impression, LiveNote, PoolDelivery, PoolEntry
from feeds.trust.acts import Acts


def acts_of(
    people=300, notes_each=2, *, circle=(), inside=0.0, outside=0.03, camouflage=None, seed=1
) -> Acts:
    """Everybody engages with `outside` of all notes; members with `inside` of each other's, and
    with `camouflage` of the others', any time of two weeks."""
    chance = np.random.default_rng(seed)
    author = np.repeat(np.arange(people), notes_each)
    reader, note = np.meshgrid(np.arange(people), np.arange(len(author)), indexing="ij")
    member = np.isin(np.arange(people), list(circle))
    other = np.where(member[reader], outside if camouflage is None else camouflage, outside)
    rate = np.where(member[reader] & member[author[note]], inside, other)
    hit = (chance.random(rate.shape) < rate) & (reader != author[note])
    who, what = np.nonzero(hit)
    hour = chance.integers(0, 336, len(who))
    return Acts(*(np.asarray(a, dtype=np.int64) for a in (who, what, author[what], hour)))


def farm_acts(fans=30, *, share=0.95, targets=40, people=1_000, seed=3) -> Acts:
    """`fans` who like `share` of `targets` notes within the hour these appear, among people who
    like one note in a hundred at any time. Fans are numbered from `people`."""
    chance = np.random.default_rng(seed)
    crowd = acts_of(people, 1, outside=0.01, seed=seed)
    rows = [np.column_stack([crowd.person, crowd.note, crowd.author, crowd.hour])]
    for note in range(targets):
        who = people + np.flatnonzero(chance.random(fans) < share)
        same = np.full(len(who), note)
        rows.append(np.column_stack([who, same, same, np.full(len(who), chance.integers(336))]))
    return Acts(*np.concatenate(rows).T)


class Crowd:
    """Rows of a community: people who joined a year ago and came today, with notes in P0."""

    def __init__(self, people, notes_each, *, now):
        self.now = now
        hashed = make_password(None)
        User.objects.bulk_create(
            User(username=f"p{n}", username_key=f"p{n}", password=hashed, is_active=True,
                 date_joined=now - timedelta(days=365))
            for n in range(people)
        )  # fmt: skip
        self.people = list(User.objects.filter(username_key__startswith="p").order_by("pk"))
        self.ids = [person.pk for person in self.people]
        Profile.objects.bulk_create(Profile(person=p, active_on=now.date()) for p in self.people)
        channel = Channel.objects.get(slug="pottery")
        start = now - timedelta(hours=3)
        Note.objects.bulk_create(
            Note(author_id=pk, title=f"{pk} {k}", channel=channel, state="published",
                 created_at=start, published_at=start)
            for pk in self.ids for k in range(notes_each)
        )  # fmt: skip
        self.notes = list(Note.objects.filter(author__in=self.ids).order_by("pk"))
        LiveNote.objects.bulk_create(
            LiveNote(note=n, author_id=n.author_id, channel_id=channel.pk, root_channel_id=1,
                     recommended=True, published_at=start)
            for n in self.notes
        )  # fmt: skip
        PoolEntry.objects.bulk_create(
            PoolEntry(note=n, author_id=n.author_id, root_channel_id=1, state="running",
                      promised=200, started_at=start, due_at=now + timedelta(days=1))
            for n in self.notes
        )  # fmt: skip

    def delivered(self, reader, note):
        """Sights of positions in `people` and `notes`, through P0."""
        pairs = [(self.ids[r], self.notes[n].pk) for r, n in zip(reader, note, strict=True)]
        at = self.now - timedelta(hours=2)
        Impression.objects.bulk_create(
            Impression(person_id=r, note_id=n, feed="discover", at=at) for r, n in pairs
        )
        PoolDelivery.objects.bulk_create(
            PoolDelivery(person_id=r, note_id=n, tier=0, reserved_at=at, seen_at=at)
            for r, n in pairs
        )
        counts = np.bincount(np.asarray(note, dtype=int), minlength=len(self.notes))
        for position, count in enumerate(counts.tolist()):
            PoolEntry.objects.filter(pk=self.notes[position].pk).update(delivered=count)

    def like(self, acts):
        """Standing rows of these acts, each in its hour before now, after a sight in a feed."""
        Impression.objects.bulk_create(
            [
                Impression(person_id=self.ids[p], note_id=self.notes[n].pk, feed="discover",
                           at=self.now - timedelta(hours=int(h) + 2))
                for p, n, h in zip(acts.person, acts.note, acts.hour, strict=True)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        Like.objects.bulk_create(
            Like(person_id=self.ids[p], note_id=self.notes[n].pk,
                 created_at=self.now - timedelta(hours=int(h) + 1))
            for p, n, h in zip(acts.person, acts.note, acts.hour, strict=True)
        )  # fmt: skip
        return [
            (self.notes[n].pk, self.ids[p], 4, 1.0)
            for p, n in zip(acts.person, acts.note, strict=True)
        ]
