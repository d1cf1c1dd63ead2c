"""What the engine knows of a person: what they did, what it made of that, and of their notes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import Column, Row, names_of, tell
from community.models import Channel, Note, Place, Tag
from community.own_data import NAMED, NOTE_ID, with_notes

from . import own_pools  # noqa: F401 (registers the sections of pools)
from .models import Dials, Event, Impression, Interest, LessOf

NAMES: dict[str, tuple[Any, str]] = {
    "tag": (Tag, "name"),
    "channel": (Channel, "slug"),
    "place": (Place, "name"),
}


def _kind(choices: Any) -> Any:
    return lambda value: choices(value).name.lower()


def _name_targets(viewer: User, page: list[Row]) -> None:
    """What a tag, channel, person, place or note is called, where the person may see it."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in page:
        wanted[row["kind"]].add(row["target"])
    names = {
        kind: dict(model.objects.filter(pk__in=wanted[kind]).values_list("pk", field))
        for kind, (model, field) in NAMES.items()
    }
    names["author"] = names_of(viewer, wanted["author"])
    notes = Note.objects.visible_to(viewer).filter(pk__in=wanted["note"])
    names["note"] = dict(notes.values_list("pk", "title"))
    for row in page:
        row["name"] = names[row["kind"]].get(row["target"])


ITS_NAME = {"name": "what it is called; none where you may not see it now"}

tell(
    "interests",
    _("What the engine thinks you are interested in, and why."),
    models=["feeds.Interest"],
    source=lambda person: Interest.objects.filter(person=person),
    columns={
        "kind": Column("kind", "tag, channel or author", _kind(Interest.Kind)),
        "target": Column("target", "its number in this community"),
        "weight": Column("weight", "lasting weight at as_of; halves with time"),
        "recent": Column("recent", "weight of the last sitting at as_of"),
        "because": Column("because", "the act of yours that last moved it"),
        "acts": Column("acts", "how many acts of yours did"),
        "pinned": Column("pinned", "you said that it stays"),
        "removed": Column("removed", "you said that it stays away"),
        "as_of": Column("as_of", WHEN),
    },
    also=[_name_targets],
    added=ITS_NAME,
)
tell(
    "less_of",
    _("What you asked to see less of."),
    models=["feeds.LessOf"],
    source=lambda person: LessOf.objects.filter(person=person),
    columns={
        "kind": Column("kind", "tag, channel, author, note or place", _kind(LessOf.Kind)),
        "target": Column("target", "its number in this community"),
        "at": Column("created_at", WHEN),
    },
    also=[_name_targets],
    added=ITS_NAME,
)
tell(
    "dials",
    _("How you set your discover feed."),
    models=["feeds.Dials"],
    source=lambda person: Dials.objects.filter(person=person),
    columns={
        "new": Column("new", "proven (-2) to new (2)"),
        "unknown": Column("unknown", "people you follow (-2) to people you do not know (2)"),
        "far": Column("far", "near (-2) to far (2)"),
        "varied": Column("varied", "of one kind (-2) to varied (2)"),
        "by_time": Column("by_time", "newest first, nothing personal"),
        "languages": Column("languages", "those you read; empty for all"),
    },
)
tell(
    "events",
    _("What you did with notes, as far as it is kept."),
    models=["feeds.Event"],
    source=lambda person: Event.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "kind": Column("kind", "open, dwell, like and so on", _kind(Event.Kind)),
        "value": Column("value", "seconds of a dwell; otherwise 1"),
        "feed": Column("feed", "the feed that brought you there"),
        "at": Column("at", WHEN),
    },
    also=[with_notes()],
    added=NAMED,
)
tell(
    "impressions",
    _("Notes whose card you saw, and what brought it to you."),
    models=["feeds.Impression"],
    source=lambda person: Impression.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "feed": Column("feed", "the feed"),
        "position": Column("position", "where on the page"),
        "source": Column("source", "code of the candidate source"),
        "at": Column("at", WHEN),
    },
    also=[with_notes()],
    added=NAMED,
)
