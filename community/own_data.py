"""What this room knows of a person: what they wrote, and what they did to what others wrote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import Column, PageHook, Row, tell

from . import own_notes  # noqa: F401 (registers the section of notes)
from .models import Arrival, Collect, Comment, CommentLike, Like, Note, Share

NOTE_ID = "number of the note in this community"
NAMED = {
    "title": "of the note; none where you may not see it now",
    "author": "username of who wrote it; none where you may not see it now",
}


def with_notes(key: str = "note") -> PageHook:
    """Say what a note is called and whose it is, where the person may see it."""

    def name(viewer: User, page: list[Row]) -> None:
        ids = {row[key] for row in page if row[key] is not None}
        shown = Note.objects.visible_to(viewer).filter(pk__in=ids)
        rows = shown.values_list("pk", "title", "author__username")
        known = {pk: (title, author) for pk, title, author in rows}
        for row in page:
            row["title"], row["author"] = known.get(row[key], (None, None))

    return name


for name, model, about in (
    ("likes", Like, _("Notes that you liked.")),
    ("collects", Collect, _("Notes that you collected.")),
):
    tell(
        name,
        about,
        models=[model._meta.label],
        source=lambda person, model=model: model.objects.filter(person=person),  # type: ignore[misc]
        columns={"note": Column("note_id", NOTE_ID), "at": Column("created_at", WHEN)},
        also=[with_notes()],
        added=NAMED,
    )
tell(
    "shares",
    _("Links that you shared, and how many came by them. Who came is theirs to know."),
    models=["community.Share"],
    source=lambda person: Share.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "link": Column("token", "what stands in the address /s/…/"),
        "hands": Column("depth", "through how many hands the link had gone"),
        "visits": Column("visits", "devices that came by it"),
        "signups": Column("signups", "accounts opened by people who did"),
        "at": Column("created_at", WHEN),
    },
    also=[with_notes()],
    added=NAMED,
)
tell(
    "arrivals",
    _("Notes to which you first came by somebody's link."),
    models=["community.Arrival"],
    source=lambda person: Arrival.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "signed_up": Column("signed_up", "whether you opened your account by it"),
        "at": Column("at", WHEN),
    },
    also=[with_notes()],
    added=NAMED,
)
tell(
    "comments",
    _("Comments that you wrote, with those that you or others took away."),
    models=["community.Comment"],
    source=lambda person: Comment.objects.filter(author=person),
    columns={
        "comment": Column("pk", "number of the comment in this community"),
        "note": Column("note_id", NOTE_ID),
        "reply_to": Column("reply_to_id", "number of the comment that it answers"),
        "body": Column("body", "what you wrote"),
        "likes": Column("likes", "how many people like it"),
        "at": Column("created_at", WHEN),
        "deleted_at": Column("deleted_at", WHEN),
        "hidden_at": Column("hidden_at", "when staff hid it"),
    },
    also=[with_notes()],
    added=NAMED,
)
tell(
    "comment_likes",
    _("Comments that you liked."),
    models=["community.CommentLike"],
    source=lambda person: CommentLike.objects.filter(person=person),
    columns={
        "comment": Column("comment_id", "number of the comment in this community"),
        "at": Column("created_at", WHEN),
    },
)
