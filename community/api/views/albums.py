"""Albums, their notes, members and followers; pinned notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import page_of
from accounts.api.people_rows import author_json
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.api.views import site_address
from accounts.models import User
from accounts.services import person_for
from community.albums import members, pins, services
from community.albums.models import Album, AlbumFollow, AlbumMember, AlbumQuerySet
from community.albums.reading import albums_of, people_in
from community.albums.services import AlbumContent, album_for, role_in
from community.api import album_shapes as shapes
from community.api.note_rows import notes_json
from community.api.once import answered_once
from community.api.serializers import NoteSerializer
from community.models import Note


class AlbumsView(MembersView):
    @describe(
        "list_albums",
        "Albums you may put notes into",
        query=PageQuery,
        answer=pages_of(shapes.AlbumSerializer),
    )
    def get(self, request: Request) -> Response:
        me = actor_of(request)
        return _page(request, albums_of(me, viewer=me))

    @describe(
        "create_album",
        "Make an album",
        body=shapes.NewAlbumBody,
        answer=shapes.AlbumSerializer,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, shapes.NewAlbumBody)

        def create() -> tuple[int, dict[str, Any]]:
            album = services.create_album(owner=actor_of(request), content=AlbumContent(**body))
            return 201, _one(request, album.pk)

        return answered_once(request, request.data, create)


class AlbumsOfPersonView(ApiView):
    @describe(
        "list_albums_of_person",
        "A person's albums, newest first",
        query=PageQuery,
        answer=pages_of(shapes.AlbumSerializer),
        refuses=[404],
    )
    def get(self, request: Request, username: str) -> Response:
        viewer = viewer_of(request)
        return _page(request, albums_of(person_for(viewer, username), viewer=viewer))


class AlbumView(ApiView):
    @describe("get_album", "An album", answer=shapes.AlbumSerializer, refuses=[404])
    def get(self, request: Request, album_id: int) -> Response:
        return Response(_one(request, album_id))

    @describe(
        "edit_album",
        "Change an album of yours",
        body=shapes.AlbumChangeBody,
        answer=shapes.AlbumSerializer,
        refuses=[403, 404],
    )
    def patch(self, request: Request, album_id: int) -> Response:
        actor = actor_of(request)
        with transaction.atomic():
            album = services.locked_album(actor, album_id, owner=True)
            body = body_of(request, shapes.AlbumChangeBody)
            if "cover" in body:
                services.choose_cover(actor=actor, album_id=album_id, note_id=body.pop("cover"))
            now = {name: getattr(album, name) for name in ("title", "about", "visibility", "order")}
            services.edit_album(actor=actor, album_id=album_id, content=AlbumContent(**now | body))
        return Response(_one(request, album_id))

    @describe("delete_album", "Delete an album of yours", status=204, refuses=[403, 404])
    def delete(self, request: Request, album_id: int) -> Response:
        services.delete_album(actor=actor_of(request), album_id=album_id)
        return Response(status=204)


class AlbumNotesView(ApiView):
    @describe(
        "list_notes_of_album",
        "Notes of an album that you may see, in its order",
        query=PageQuery,
        answer=pages_of(NoteSerializer),
        refuses=[404],
    )
    def get(self, request: Request, album_id: int) -> Response:
        viewer = viewer_of(request)
        album = album_for(viewer, album_id)
        by_hand = album.order == Album.Order.MANUAL
        rows, following = page_of(
            request,
            album.entries.shown_to(viewer).values("pk", "note", "position", "added_at"),
            order=("position", "pk") if by_hand else ("-added_at", "-pk"),
            **query_of(request, PageQuery),
        )
        ids = [row["note"] for row in rows]
        return Response({"results": _notes(request, ids), "next": following})


class AlbumNoteView(MembersView):
    @describe(
        "add_to_album",
        "Put a note into an album",
        answer=shapes.AlbumEntryState,
        refuses=[400, 403, 404],
    )
    def put(self, request: Request, album_id: int, note_id: int) -> Response:
        added = services.add_to_album(actor=actor_of(request), album_id=album_id, note_id=note_id)
        return Response({"added": added})

    @describe(
        "move_in_album",
        "Put a note of an album before another",
        body=shapes.AlbumMoveBody,
        status=204,
        refuses=[403, 404],
    )
    def patch(self, request: Request, album_id: int, note_id: int) -> Response:
        actor = actor_of(request)
        with transaction.atomic():
            services.locked_album(actor, album_id, owner=True)  # before the body is looked at
            before = body_of(request, shapes.AlbumMoveBody)["before"]
            services.move_in_album(actor=actor, album_id=album_id, note_id=note_id, before=before)
        return Response(status=204)

    @describe("remove_from_album", "Take a note out of an album", status=204, refuses=[403, 404])
    def delete(self, request: Request, album_id: int, note_id: int) -> Response:
        services.remove_from_album(actor=actor_of(request), album_id=album_id, note_id=note_id)
        return Response(status=204)


class AlbumMembersView(ApiView):
    @describe(
        "list_members_of_album", "Who puts notes in", answer=shapes.AlbumMemberList, refuses=[404]
    )
    def get(self, request: Request, album_id: int) -> Response:
        viewer = viewer_of(request)
        album = album_for(viewer, album_id)
        is_owner = role_in(album, viewer) == AlbumMember.Role.OWNER
        rows = people_in(album, viewer, everybody=is_owner)
        base = site_address(request)
        return Response({"results": [_member(row, base) for row in rows]})

    @describe(
        "invite_to_album",
        "Ask somebody to put notes into an album of yours",
        body=shapes.AlbumInviteBody,
        answer=shapes.AlbumMemberSerializer,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, album_id: int) -> Response:
        actor = actor_of(request)
        with transaction.atomic():
            services.locked_album(actor, album_id, owner=True)  # before the body is looked at
            body = body_of(request, shapes.AlbumInviteBody)
            row = members.invite(actor=actor, album_id=album_id, **body)
        return Response(_member(row, site_address(request)), status=201)


class AlbumMemberView(MembersView):
    @describe(
        "remove_from_members", "Remove a member of an album of yours", status=204,
        refuses=[403, 404],
    )  # fmt: skip
    def delete(self, request: Request, album_id: int, username: str) -> Response:
        members.remove_member(actor=actor_of(request), album_id=album_id, username=username)
        return Response(status=204)


class InvitationView(MembersView):
    @describe(
        "answer_invitation",
        "Answer an invitation into an album",
        body=shapes.AlbumAnswerBody,
        status=204,
        refuses=[404],
    )
    def post(self, request: Request, album_id: int) -> Response:
        person = actor_of(request)
        members.invitation_for(person, album_id)  # before the body is looked at
        accept = body_of(request, shapes.AlbumAnswerBody)["accept"]
        members.answer_invitation(person=person, album_id=album_id, accept=accept)
        return Response(status=204)


class MembershipView(MembersView):
    @describe("leave_album", "Take part in an album no longer", status=204, refuses=[403, 404])
    def delete(self, request: Request, album_id: int) -> Response:
        members.leave_album(person=actor_of(request), album_id=album_id)
        return Response(status=204)


class FollowAlbumView(MembersView):
    @describe(
        "follow_album",
        "Be told of new notes in an album",
        answer=shapes.AlbumFollowState,
        refuses=[400, 404],
    )
    def put(self, request: Request, album_id: int) -> Response:
        members.follow_album(person=actor_of(request), album_id=album_id)
        return Response({"follows": True})

    @describe("unfollow_album", "Not to be told any more", status=204, refuses=[404])
    def delete(self, request: Request, album_id: int) -> Response:
        members.unfollow_album(person=actor_of(request), album_id=album_id)
        return Response(status=204)


class PinsView(MembersView):
    @describe(
        "set_pins",
        "Which of your notes stand first on your profile",
        body=shapes.PinsBody,
        answer=shapes.PinsBody,
        refuses=[404],
    )
    def put(self, request: Request) -> Response:
        person = actor_of(request)
        pins.set_pins(person=person, note_ids=body_of(request, shapes.PinsBody)["notes"])
        return Response({"notes": pins.pinned_ids(person, viewer=person)})


class PinsOfPersonView(ApiView):
    @describe(
        "list_pins_of_person",
        "Notes that stand first on a person's profile",
        query=PageQuery,
        answer=pages_of(NoteSerializer),
        refuses=[404],
    )
    def get(self, request: Request, username: str) -> Response:
        query_of(request, PageQuery)
        viewer = viewer_of(request)
        ids = pins.pinned_ids(person_for(viewer, username), viewer=viewer)
        return Response({"results": _notes(request, ids), "next": None})


# ---------------------------------------------------------------- answers
def _notes(request: Request, ids: Sequence[int]) -> list[dict[str, Any]]:
    return notes_json(ids, viewer=viewer_of(request), base=site_address(request))


def _page(request: Request, albums: AlbumQuerySet) -> Response:
    rows, following = page_of(
        request, albums.values("pk", "created_at"), order=("-created_at", "-pk"),
        **query_of(request, PageQuery),
    )  # fmt: skip
    ids = [row["pk"] for row in rows]
    return Response({"results": _albums_json(request, ids), "next": following})


def _one(request: Request, album_id: int) -> dict[str, Any]:
    return _albums_json(request, [album_for(viewer_of(request), album_id).pk])[0]


def _albums_json(request: Request, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These albums in this order: four statements for any number of them."""
    viewer, base = viewer_of(request), site_address(request)
    rows = Album.objects.filter(pk__in=ids).select_related("owner__profile").counted_for(viewer)
    listed = {album.pk: album for album in rows}
    roles = _ties(AlbumMember.objects.taking_part(), viewer, ids, "role")
    follows = _ties(AlbumFollow.objects.all(), viewer, ids, "pk")
    covers = [album.cover_id for album in listed.values() if album.cover_id]
    met = set(Note.objects.listed_for(viewer).filter(pk__in=covers).values_list("pk", flat=True))
    return [
        {
            "id": pk,
            "url": f"{base}{listed[pk].get_absolute_url()}",
            "title": listed[pk].title,
            "about": listed[pk].about,
            "visibility": listed[pk].visibility,
            "order": listed[pk].order,
            "owner": _person(listed[pk].owner, base),
            "cover": listed[pk].cover_id if listed[pk].cover_id in met else None,
            "notes": getattr(listed[pk], "shown", 0),
            "viewer": {"role": roles.get(pk, ""), "follows": pk in follows},
            "created_at": listed[pk].created_at,
            "edited_at": listed[pk].edited_at,
        }
        for pk in ids
        if pk in listed
    ]


def _ties(rows: Any, viewer: User | None, ids: Sequence[int], value: str) -> dict[int, Any]:
    if viewer is None:
        return {}
    return dict(rows.filter(person=viewer, album__in=ids).values_list("album", value))


def _member(row: AlbumMember, base: str) -> dict[str, Any]:
    return {"person": _person(row.person, base), "role": row.role, "state": row.state}


def _person(person: User, base: str) -> dict[str, Any]:
    profile = person.profile
    return author_json(
        username=person.username, display_name=profile.display_name, avatar=profile.avatar,
        base=base,
    )  # fmt: skip
