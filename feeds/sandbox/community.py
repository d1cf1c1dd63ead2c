"""The sandbox: people of `world` living in a real community, with a clock of ours.

    sandbox = Sandbox(Scale(people=200), seed=1)
    with sandbox.clock.in_force():
        sandbox.open()
        sandbox.advance(hours=24)

Nothing of the engine is re-implemented: notes are imported and published, pages served, sights and
acts taken in, jobs and periodic tasks run by the services that do so for everybody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from accounts.errors import Conflict
from accounts.models import Profile, User
from accounts.services import were_here
from community.importing.importer import import_lines
from community.models import Channel, ImportedRow, Note, NoteImage
from community.services.writing import NoteContent, publish_note, save_draft
from feeds import policies, pool_slots
from feeds.policy import Policy

from .beat import Beat, work_off
from .buying import Buyers, Intent
from .clock import Clock
from .reading import Readers
from .world import NewNote, Scale, World, busy

# Readers of one step read at its beginning.
STEP = timedelta(minutes=15)
SOURCE = "sandbox"
# Old notes are older than what enters pools.
OLD_DAYS = (8, 38)


@dataclass(slots=True)
class Known:
    """The hidden truth about the notes of the community, by primary key."""

    channel: dict[int, int] = field(default_factory=dict)
    worth: dict[int, float] = field(default_factory=dict)
    new: dict[int, NewNote] = field(default_factory=dict)


class Sandbox:
    """One community. `open` before anything else; then `advance` as often as you like."""

    def __init__(self, scale: Scale, *, seed: int, policy: Policy | None = None) -> None:
        self.scale, self.seed, self.policy = scale, seed, policy
        self.clock = Clock()
        self.began = self.clock.now
        self.chance = np.random.default_rng([seed, 2])
        self.known = Known()
        self.counts: Counter[str] = Counter()
        self.waiting: list[NewNote] = []
        self.day = -1

    def open(self) -> None:
        """Fill the empty database. Raises Conflict where people live already: never theirs."""
        if User.objects.exists() or Note.objects.exists():
            raise Conflict("A sandbox is opened in an empty database only.")
        if self.policy is not None:
            policies.publish(values=self.policy.to_dict(), by=None, now=self.clock.now)
        policies.forget()
        pool_slots.chance.seed(self.seed)
        channels = list(Channel.objects.open().filter(parent__isnull=False).order_by("pk"))
        self.channels = channels
        self.world = World(self.scale, [c.slug for c in channels], seed=self.seed)
        self._settle_people()
        self.buyers = Buyers(self.scale.people)
        self.buyers.open()
        self.beat = Beat(self.clock.now)
        work_off()
        self.readers = Readers(self.world, self.people, self.known, self.chance, self.counts)

    def _settle_people(self) -> None:
        """People and old notes, through the importer."""
        world, count = self.world, self.scale.people + self.scale.ring
        lines = [
            {
                "type": "person", "id": f"p{n}", "username": f"reader{n}", "joined": "-60d",
                "interests": world.interests(n),
            }
            for n in range(count)
        ]  # fmt: skip
        old = world.old_notes()
        ages = world.draw.uniform(*OLD_DAYS, len(old))
        lines += [
            {
                "type": "note", "id": f"n{n}", "author": f"p{note.author}", "title": note.title,
                "body": note.body, "tags": list(note.tags), "at": f"-{round(age * 24 * 60)}m",
                "channel": world.channels[note.channel],
            }
            for n, (note, age) in enumerate(zip(old, ages, strict=True))
        ]  # fmt: skip
        report = import_lines(lines, source=SOURCE, cards=False, now=self.clock.now)
        if report.refused:
            raise ValueError(f"The importer refused {report.refused[0]}")
        ids = {
            (row.kind, row.external_id): row.object_id
            for row in ImportedRow.objects.filter(source=SOURCE)
        }
        people = User.objects.select_related("profile").in_bulk()
        self.people = [people[ids[ImportedRow.Kind.PERSON, f"p{n}"] or 0] for n in range(count)]
        for n, note in enumerate(old):
            self._learn(ids[ImportedRow.Kind.NOTE, f"n{n}"] or 0, note)
        # Joining is a day somebody was here; who reads here is fewer.
        Profile.objects.update(active_on=None)
        yesterday = (self.clock.now - timedelta(days=1)).date()
        were_here({self.people[n].pk: yesterday for n in world.came_yesterday()})

    def _learn(self, note_id: int, note: NewNote) -> None:
        self.known.channel[note_id], self.known.worth[note_id] = note.channel, note.worth

    # ------------------------------------------------------------ time
    def advance(self, *, hours: float) -> None:
        """Let time pass: notes are written, pages read, jobs and tasks run on the way."""
        until = self.clock.now + timedelta(hours=hours)
        while self.clock.now < until:
            self._step()
            self.clock.move(min(STEP, until - self.clock.now))
            self.beat.ring(self.clock.now)
            work_off()

    def _step(self) -> None:
        passed = self.clock.now - self.began
        if passed.days > self.day:
            self.day = passed.days
            self.waiting = self.world.notes_of_day()
        minute = passed.seconds // 60 + STEP.seconds // 60
        while self.waiting and self.waiting[0].minute < minute:
            self.write(self.waiting.pop(0))
        work_off()
        self.buyers.act(now=self.clock.now)
        pages = (
            self.scale.impressions
            / self.world.seen_on_a_page
            * busy(passed.seconds // 3600)
            * STEP.seconds
            / 3600
        )
        self.readers.read(int(self.chance.poisson(pages)), now=self.clock.now)

    def write(self, note: NewNote) -> Note:
        """Publish a note as its author would; its text card counts as drawn."""
        author, now = self.people[note.author], self.clock.now
        content = NoteContent(
            title=note.title, body=note.body, tags=note.tags, channel=self.channels[note.channel]
        )
        draft = save_draft(author=author, content=content, now=now)
        row = publish_note(author=author, note_id=draft.pk, now=now)
        NoteImage.objects.filter(note=row).update(state=NoteImage.State.READY)
        self._learn(row.pk, note)
        self.known.new[row.pk] = note
        if note.boosted:
            channel = self.channels[note.channel]
            self.buyers.intents.append(Intent(row.pk, author, channel.pk))
        if note.by_ring and self.scale.ring_acts:
            self.readers.push(row.pk, by=self.world.ring(), now=now)
        return row
