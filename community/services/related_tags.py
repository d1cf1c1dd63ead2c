"""Which tags go together, counted on schedule over public notes into a narrow table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, QuerySet

from accounts.models import User
from community.lexicon.models import RelatedTag
from community.models import Note, Tag, TaggedNote
from community.text.cooccurrence import relations

SHOWN = 10


def relate_tags(*, now: datetime) -> int:
    """Count anew and replace the table; returns its rows. Twice in a row changes nothing."""
    public = TaggedNote.objects.filter(
        content_object__in=Note.objects.visible_to(None), tag__ban=None
    )
    uses = public.values_list("tag_id", "content_object__author_id").annotate(Count("pk"))
    pairs = (
        public.filter(
            content_object__tagged__tag_id__gt=F("tag_id"), content_object__tagged__tag__ban=None
        )
        .values_list("tag_id", "content_object__tagged__tag_id", "content_object__author_id")
        .annotate(Count("pk"))
    )
    found = relations(uses.order_by().iterator(), pairs.order_by().iterator())
    with transaction.atomic():
        RelatedTag.objects.all().delete()
        RelatedTag.objects.bulk_create(
            [
                RelatedTag(tag_id=r.tag, other_id=r.other, score=r.score, together=r.together)
                for r in found
            ],
            batch_size=1_000,
            ignore_conflicts=True,
        )
    return len(found)


def related_to(tag: Tag, *, viewer: User | None) -> list[Tag]:
    """Tags that go with this one, closest first, of those that the viewer may know of."""
    rows = RelatedTag.objects.filter(tag=tag, other__in=Tag.objects.known_to(viewer))
    return [row.other for row in rows.select_related("other").order_by("-score", "pk")[:SHOWN]]


def going_with(keys: Iterable[str]) -> QuerySet[RelatedTag]:
    """Relations of the tags with these keys, closest first."""
    return RelatedTag.objects.filter(tag__key__in=list(keys), other__ban=None).order_by(
        "-score", "pk"
    )
