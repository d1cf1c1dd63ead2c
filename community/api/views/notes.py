"""Notes: list, write, read, change, publish, delete, and what they said before."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.api.views import site_address
from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import User
from accounts.services import person_for
from community.api import serializers as shapes
from community.api.note_rows import notes_json
from community.api.once import answered_once
from community.models import Channel, Note, NoteRevision, Place
from community.models.licence import Licence
from community.services.access import note_for, own_note
from community.services.places import find_or_create_place
from community.services.tagging import shown_names
from community.services.writing import (
    NoteContent,
    delete_note,
    edit_note,
    publish_note,
    save_draft,
)
from community.text.hashtags import find_hashtags, tag_key

NEWEST = ("-published_at", "-id")


class NotesView(ApiView):
    @describe(
        "list_notes",
        "Newest notes, of a channel, a tag or a person if asked",
        query=shapes.NoteListQuery,
        answer=pages_of(shapes.NoteSerializer),
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, shapes.NoteListQuery)
        return notes_page(request, _filtered(Note.objects.all(), query, viewer_of(request)), query)

    @describe(
        "create_note",
        "Start a draft, or publish at once",
        body=shapes.NewNoteBody,
        answer=shapes.NoteSerializer,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, shapes.NewNoteBody)
        return answered_once(request, request.data, lambda: (201, _create(request, body)))


def _create(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    author = actor_of(request)
    with transaction.atomic():
        note = save_draft(author=author, content=_content(body))
        if body["publish"]:
            publish_note(author=author, note_id=note.pk)
    return one_note(request, note.pk)


class NoteView(ApiView):
    @describe("get_note", "A note", answer=shapes.NoteSerializer, refuses=[404])
    def get(self, request: Request, note_id: int) -> Response:
        return Response(one_note(request, note_for(viewer_of(request), note_id).pk))

    @describe(
        "edit_note",
        "Change a note",
        body=shapes.NoteChangeBody,
        answer=shapes.NoteSerializer,
        refuses=[403, 404, 409],
    )
    def patch(self, request: Request, note_id: int) -> Response:
        author = actor_of(request)
        own_note(author, note_id)  # refused before the body is looked at
        body = body_of(request, shapes.NoteChangeBody)
        with transaction.atomic():
            note = _locked(author, note_id, body.pop("revision", None))
            edit_note(author=author, note_id=note_id, content=_content(body, note))
        return Response(one_note(request, note_id))

    @describe("delete_note", "Delete a note", status=204, refuses=[403, 404])
    def delete(self, request: Request, note_id: int) -> Response:
        delete_note(author=actor_of(request), note_id=note_id)
        return Response(status=204)


class PublishView(MembersView):
    @describe(
        "publish_note",
        "Publish a draft",
        answer=shapes.NoteSerializer,
        headers=[IDEMPOTENCY_KEY],
        refuses=[400, 403, 404, 409],
    )
    def post(self, request: Request, note_id: int) -> Response:
        own_note(actor_of(request), note_id)

        def publish() -> tuple[int, dict[str, Any]]:
            publish_note(author=actor_of(request), note_id=note_id)
            return 200, one_note(request, note_id)

        return answered_once(request, {}, publish)


class DraftsView(MembersView):
    @describe("list_drafts", "Your drafts", query=PageQuery, answer=pages_of(shapes.NoteSerializer))
    def get(self, request: Request) -> Response:
        me = actor_of(request)
        drafts = Note.objects.visible_to(me).filter(author=me, state=Note.State.DRAFT)
        return page_of_notes(request, drafts, query_of(request, PageQuery), ("-created_at", "-id"))


class PersonNotesView(ApiView):
    @describe(
        "list_notes_of_person",
        "A person's notes, newest first",
        query=PageQuery,
        answer=pages_of(shapes.NoteSerializer),
        refuses=[404],
    )
    def get(self, request: Request, username: str) -> Response:
        person = person_for(viewer_of(request), username)
        return notes_page(request, Note.objects.filter(author=person), query_of(request, PageQuery))


class RevisionsView(ApiView):
    @describe(
        "list_revisions",
        "What a note said before, latest first",
        query=PageQuery,
        answer=pages_of(shapes.Revision),
        refuses=[404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        viewer = viewer_of(request)
        texts = NoteRevision.objects.readable_for(viewer, note_for(viewer, note_id))
        query = query_of(request, PageQuery)
        rows, following = page_of(request, texts, order=("-number",), **query)
        fields = ("number", "title", "body", "tags", "replaced_at")
        results = [{name: getattr(row, name) for name in fields} for row in rows]
        return Response({"results": results, "next": following})


# ---------------------------------------------------------------- pages of notes
def notes_page(request: Request, notes: QuerySet[Note], query: dict[str, Any]) -> Response:
    """One page of these notes, newest first, through the gate for lists."""
    listed = notes.listed_for(viewer_of(request))  # type: ignore[attr-defined]
    return page_of_notes(request, listed, query, NEWEST)


def one_note(request: Request, note_id: int) -> dict[str, Any]:
    """A note that passed the gate just now. Raises NotFound when it went meanwhile."""
    found = notes_json([note_id], viewer=viewer_of(request), base=site_address(request))
    if not found:
        raise NotFound
    return found[0]


def page_of_notes(
    request: Request, notes: QuerySet[Note], query: dict[str, Any], order: tuple[str, ...]
) -> Response:
    keys = notes.values(*(name.lstrip("-") for name in order))
    rows, following = page_of(
        request, keys, order=order, limit=query["limit"], cursor=query["cursor"]
    )
    ids = [row["id"] for row in rows]
    results = notes_json(ids, viewer=viewer_of(request), base=site_address(request))
    return Response({"results": results, "next": following})


def _filtered(notes: QuerySet[Note], query: dict[str, Any], viewer: User | None) -> QuerySet[Note]:
    if slug := query.get("channel"):
        notes = notes.in_channel(channel_called(slug))  # type: ignore[attr-defined]
    if tag := query.get("tag"):
        notes = notes.filter(tagged__tag__key=tag_key(tag), tagged__tag__ban=None)
    if username := query.get("author"):
        notes = notes.filter(author=_author_called(username, viewer))
    return notes


def _author_called(username: str, viewer: User | None) -> User:
    try:
        return person_for(viewer, username)
    except NotFound as missing:
        raise Invalid(_("There is nobody of this name."), field="author") from missing


# ---------------------------------------------------------------- what was sent
def channel_called(slug: str) -> Channel:
    """The channel of this slug. Raises Invalid."""
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise Invalid(_("There is no such channel."), field="channel")
    return channel


def _content(body: dict[str, Any], note: Note | None = None) -> NoteContent:
    """What the note shall say: what was sent, and for what was left out, what it says now."""
    return NoteContent(
        title=body.get("title", note.title if note else ""),
        body=body.get("body", note.body if note else ""),
        tags=body["tags"] if "tags" in body else _chosen_tags(note),
        channel=channel_called(body["channel"]) if "channel" in body else None,
        place=_place(body["place"]) if "place" in body else (note.place if note else None),
        visibility=body.get("visibility", note.visibility if note else Note.Visibility.PUBLIC),
        licence=body.get("licence", note.licence if note else Licence.RESERVED),
        ai_made=body.get("ai_made", note.ai_made if note else False),
        disclosure=body.get("disclosure"),
        products=body.get("products"),
    )


def _chosen_tags(note: Note | None) -> list[str]:
    """The note's tags without those that its text brought: the new text brings its own."""
    if note is None:
        return []
    written = {tag_key(name) for name in find_hashtags(f"{note.title}\n{note.body}")}
    return [name for name in shown_names(note) if tag_key(name) not in written]


def _place(sent: dict[str, Any] | None) -> Place | None:
    return find_or_create_place(**sent) if sent else None


def _locked(author: User, note_id: int, revision: int | None) -> Note:
    """The note as it stands until this transaction ends. Raises Conflict when it was read before
    somebody changed it."""
    Note.objects.select_for_update(no_key=True).filter(pk=note_id).first()
    note = own_note(author, note_id)
    if revision is not None and revision != note.revision:
        raise Conflict(_("The note changed since you read it."), field="revision", code="stale")
    return note
