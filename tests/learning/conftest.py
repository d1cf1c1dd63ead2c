from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from django.utils import timezone

from feeds.learning.folding import Ints
from feeds.policy import Policy


def with_learning(**settings: Any) -> Policy:
    policy = Policy()
    return replace(policy, learning=replace(policy.learning, **settings))


def two_groups(people: int = 40, notes: int = 60, *, seed: int = 0) -> tuple[Any, Ints]:
    """(matrix, note ids): even people read even notes, odd people odd ones, eight each."""
    dice = np.random.default_rng(seed)
    matrix = np.zeros((people, notes), np.float32)
    for person in range(people):
        own = np.arange(person % 2, notes, 2)
        matrix[person, dice.choice(own, 8, replace=False)] = 2.0
    return sp.csr_matrix(matrix), np.arange(100, 100 + notes, dtype=np.int64)


@pytest.fixture
def live_notes(make_person: Callable[..., Any], channel: Any) -> Callable[..., list[int]]:
    """Published notes as rows: quicker than writing each of them."""
    from community.models import Note, NoteStats, Tag, TaggedNote
    from feeds.models import LiveNote

    author = make_person("author")

    def make(count: int, *, tags: list[str] | None = None, ago_days: float = 3) -> list[int]:
        at = timezone.now() - timedelta(days=ago_days)
        rows = [
            Note(
                author=author, channel=channel, title=f"Note {number}", state="published",
                published_at=at, created_at=at, edited_at=at,
            )
            for number in range(count)
        ]  # fmt: skip
        notes = Note.objects.bulk_create(rows)
        NoteStats.objects.bulk_create(NoteStats(note=note) for note in notes)
        LiveNote.objects.bulk_create(
            LiveNote(
                note=note, author=author, channel_id=channel.pk, root_channel_id=channel.root_id,
                published_at=at, quality=0.8, recommended=True,
            )
            for note in notes
        )  # fmt: skip
        known = [Tag.objects.get_or_create(name=name)[0] for name in tags or ()]
        TaggedNote.objects.bulk_create(
            TaggedNote(content_object=note, tag=known[number % len(known)])
            for number, note in enumerate(notes if known else [])
        )
        return [note.pk for note in notes]

    return make


@pytest.fixture
def act() -> Callable[..., None]:
    from feeds.models import Event

    def do(person: Any, notes: list[int], kind: int = Event.Kind.LIKE, **fields: Any) -> None:
        given = {"at": timezone.now(), "value": 1.0} | fields
        Event.objects.bulk_create(
            Event(person=person, note_id=note, kind=kind, **given) for note in notes
        )

    return do


@pytest.fixture
def two_groups_of_people(
    live_notes: Callable[..., list[int]], act: Callable[..., None], db: None
) -> tuple[list[Any], list[int]]:
    """(people, note ids): as `two_groups`, in rows; notes are tagged "even" and "odd"."""
    from accounts.models import Profile, User

    people = User.objects.bulk_create(
        User(username=f"reader{number}", username_key=f"reader{number}") for number in range(20)
    )
    Profile.objects.bulk_create(Profile(person=person) for person in people)
    notes = live_notes(40, tags=["even", "odd"])
    matrix, _ids = two_groups(20, 40)
    for place, person in enumerate(people):
        act(person, [notes[row] for row in matrix[place].indices])
    return people, notes
