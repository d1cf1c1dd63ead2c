"""What somebody who leaves wrote and did here, taken away batch by batch; counts stay exact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from accounts.owndata.leaving import BATCH, Stage, batch, keeps, takes_away

from .models import (
    Arrival,
    Collect,
    Comment,
    CommentLike,
    ImportedRow,
    Like,
    Note,
    NoteImage,
    NoteStats,
    NoteVideo,
    Share,
)
from .outbox.jobs import enqueue
from .services.pictures import forget_files
from .services.videos import forget_video_files

# Notes that one transaction takes away with all that hangs on them.
NOTES_AT_ONCE = 20
# Comments that others answered keep their place, without a word.
keeps("community.Comment")


def _reactions(model: Any, counter: str) -> Any:
    def step(person: User, now: datetime) -> int:
        with transaction.atomic():
            ids = batch(model.objects.filter(person=person))
            about = model.objects.filter(pk__in=ids).values("note_id")
            NoteStats.objects.filter(note__in=about).update(**{counter: F(counter) - 1})
            model.objects.filter(pk__in=ids).delete()
        return len(ids)

    return step


for name, model, counter in (
    ("likes", Like, "likes"), ("collects", Collect, "collects"), ("shares", Share, "shares"),
):  # fmt: skip
    takes_away(name, stage=Stage.ACTS)(_reactions(model, counter))


@takes_away("likes of comments", stage=Stage.ACTS)
def comment_likes(person: User, now: datetime) -> int:
    with transaction.atomic():
        ids = batch(CommentLike.objects.filter(person=person))
        liked = CommentLike.objects.filter(pk__in=ids).values("comment_id")
        Comment.objects.filter(pk__in=liked).update(likes=F("likes") - 1)
        CommentLike.objects.filter(pk__in=ids).delete()
    return len(ids)


@takes_away("arrivals", stage=Stage.ACTS)
def arrivals(person: User, now: datetime) -> int:
    with transaction.atomic():
        ids = batch(Arrival.objects.filter(person=person))
        opened = Arrival.objects.filter(pk__in=ids, signed_up=True).values("share_id")
        Share.objects.filter(pk__in=opened).update(signups=F("signups") - 1)
        Arrival.objects.filter(pk__in=ids).delete()
    return len(ids)


# ---------------------------------------------------------------- comments
@takes_away("replies and comments", stage=Stage.WORDS)
def comments(person: User, now: datetime) -> int:
    """Replies first; then first-level comments: with others' replies they keep their place."""
    mine = Comment.objects.filter(author=person).exclude(body="", deleted_at__isnull=False)
    replies = mine.filter(thread__isnull=False)
    answered = Exists(Comment.objects.filter(thread=OuterRef("pk")))
    return _delete(replies) or _delete(mine.filter(~answered)) or _blank(mine, now)


def _delete(rows: models.QuerySet[Comment]) -> int:
    with transaction.atomic():
        ids = batch(rows)
        _count_down(ids)
        ImportedRow.objects.filter(kind=ImportedRow.Kind.COMMENT, object_id__in=ids).delete()
        Comment.objects.filter(pk__in=ids).delete()
    return len(ids)


def _blank(rows: models.QuerySet[Comment], now: datetime) -> int:
    with transaction.atomic():
        ids = batch(rows)
        _count_down(ids)
        CommentLike.objects.filter(comment__in=ids).delete()
        ImportedRow.objects.filter(kind=ImportedRow.Kind.COMMENT, object_id__in=ids).delete()
        Comment.objects.filter(pk__in=ids).update(body="", likes=0, deleted_at=now)
    return len(ids)


def _count_down(ids: list[int]) -> None:
    """Those that were shown were counted, some of them on one note."""
    shown = Comment.objects.filter(pk__in=ids, deleted_at=None, hidden_at=None)
    counted = shown.values_list("note_id").annotate(n=models.Count("pk")).order_by()
    for note_id, number in counted:
        NoteStats.objects.filter(note=note_id).update(comments=F("comments") - number)


# ---------------------------------------------------------------- notes
@takes_away("notes", stage=Stage.NOTES)
def notes(person: User, now: datetime) -> int:
    """Some notes with all that hangs on them; their files once that is committed."""
    ids = batch(Note.objects.filter(author=person), size=NOTES_AT_ONCE)
    if not ids:
        return 0
    if crowd := _thin_out(ids):
        return crowd
    with transaction.atomic():
        pictures = list(NoteImage.objects.filter(note__in=ids).values_list("token", flat=True))
        videos = list(NoteVideo.objects.filter(note__in=ids).values_list("token", flat=True))
        _forget_traces(ids)
        Note.objects.filter(pk__in=ids).delete()
        enqueue("search.index", key=f"gone-{ids[0]}", notes=ids)
        _forget_files(pictures, videos)
    return len(ids)


def _thin_out(ids: list[int]) -> int:
    """A much-read note has more rows than one transaction should take away: those go first."""
    for relation in Note._meta.get_fields(include_hidden=True):
        if (
            not isinstance(relation, models.ManyToOneRel)
            or relation.on_delete is not models.CASCADE
        ):
            continue
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        crowd = list(rows.values_list("pk", flat=True)[: 4 * BATCH + 1])
        if len(crowd) > 4 * BATCH:
            with transaction.atomic():
                relation.related_model._base_manager.filter(pk__in=crowd[:BATCH]).delete()
            return BATCH
    return 0


def _forget_traces(ids: list[int]) -> None:
    """Where a note is known by its number, without a key of the database."""
    ImportedRow.objects.filter(kind=ImportedRow.Kind.NOTE, object_id__in=ids).delete()
    about = ContentType.objects.get_for_model(Note)
    entries = LogEntry.objects.filter(content_type=about, object_id__in=[str(pk) for pk in ids])
    entries.update(object_repr="-")


def _forget_files(pictures: list[str], videos: list[str]) -> None:
    for token in pictures:
        forget_files(token)
    for token in videos:
        forget_video_files(token)


@takes_away("imports", stage=Stage.NOTES)
def imports(person: User, now: datetime) -> int:
    known = Q(kind=ImportedRow.Kind.PERSON, object_id=person.pk)
    return ImportedRow.objects.filter(known).delete()[0]
