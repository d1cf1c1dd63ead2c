"""Tags and places that a person may be offered: those they could meet on a note anyway.

A name that stands on private notes only is nobody else's business: the gate comes first here
too.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from community.models import Channel, Note, Place, Tag

# Tags whose keys are kept at hand to prefer known spellings among suggestions.
TAG_KEYS_AT_MOST = 20_000
TAG_KEYS_FOR_SECONDS = 300


def places_known_to(viewer: User | None) -> QuerySet[Place]:
    """Places of notes that the viewer may meet, their own included."""
    return Place.objects.filter(
        Exists(Note.objects.listed_for(viewer).filter(place=OuterRef("pk")))
    )


def tags_known_to(viewer: User | None) -> QuerySet[Tag]:
    return Tag.objects.known_to(viewer)


def public_tag_keys() -> frozenset[str]:
    """Keys of tags on public notes, at most some minutes old."""
    keys: frozenset[str] | None = cache.get("public_tag_keys")
    if keys is None:
        keys = frozenset(tags_known_to(None).values_list("key", flat=True)[:TAG_KEYS_AT_MOST])
        cache.set("public_tag_keys", keys, TAG_KEYS_FOR_SECONDS)
    return keys


def channels_to_choose() -> list[Channel]:
    """Open channels, parts of a closed one left out, in the order of the shelf."""
    channels = list(Channel.objects.open())
    open_ids = {channel.pk for channel in channels}
    return [c for c in channels if c.parent_id is None or c.parent_id in open_ids]
