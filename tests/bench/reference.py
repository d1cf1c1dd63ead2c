"""What a page and an answer of 20 notes cost where they are written by hand, in the usual way.

Both stand behind the community's own middleware, read the same rows and show the same notes: what
somebody who knows Django writes in an afternoon, with related rows fetched at once and no query a
card. Neither passes the gate of blocks, mutes and audiences, which ours does: that is in our bill.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from community.models import Channel, Collect, Like, Note, NoteImage, NoteStats, Place

CARDS = 20


@login_required
def hand_written(request: HttpRequest) -> HttpResponse:
    """The page of these notes, with the viewer's own hearts."""
    notes = list(_notes(_asked(request.GET)).prefetch_related("images"))
    context = {
        "notes": notes,
        "liked": _reacted(Like, request.user.pk, notes),
        "collected": _reacted(Collect, request.user.pk, notes),
    }
    return render(request, "bench/hand_written.html", context)


def _asked(query: Any) -> list[int]:
    """The notes of `?notes=1,2,…`: those that the community's own page shows to this viewer."""
    return [int(part) for part in query["notes"].split(",")][:CARDS]


def _notes(ids: Iterable[int]) -> Any:
    return (
        Note.objects.filter(pk__in=list(ids), state=Note.State.PUBLISHED, deleted_at=None)
        .select_related("author__profile", "channel", "place", "stats")
        .order_by("-published_at", "-pk")
    )


def _reacted(kind: Any, person: int, notes: list[Note]) -> set[int]:
    mine = kind.objects.filter(person=person, note__in=[note.pk for note in notes])
    return set(mine.values_list("note_id", flat=True))


# ---------------------------------------------------------------- JSON
class AuthorReference(serializers.ModelSerializer[User]):
    display_name = serializers.CharField(source="profile.display_name")
    avatar = serializers.CharField(source="profile.avatar")

    class Meta:
        model = User
        fields = ("username", "display_name", "avatar")


class ChannelReference(serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ("slug", "name_en")


class PlaceReference(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = ("id", "name", "city", "latitude", "longitude")


class PictureReference(serializers.ModelSerializer[NoteImage]):
    class Meta:
        model = NoteImage
        fields = (
            "id", "position", "alt", "state", "is_text_card", "width", "height", "placeholder",
            "renditions",
        )  # fmt: skip


class CountsReference(serializers.ModelSerializer[NoteStats]):
    class Meta:
        model = NoteStats
        fields = ("likes", "collects", "comments", "shares")


class NoteReference(serializers.ModelSerializer[Note]):
    """The fields of our own answer, less video, products and signals."""

    url = serializers.CharField(source="get_absolute_url")
    author = AuthorReference()
    channel = ChannelReference()
    place = PlaceReference()
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    pictures = PictureReference(source="images", many=True)
    counts = CountsReference(source="stats")
    liked = serializers.SerializerMethodField()
    collected = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = (
            "id", "url", "title", "body", "state", "visibility", "language", "licence", "ai_made",
            "revision", "disclosure", "label", "author", "channel", "place", "tags", "pictures",
            "counts", "liked", "collected", "created_at", "published_at", "edited_at",
        )  # fmt: skip

    def get_liked(self, note: Note) -> bool:
        return note.pk in self.context["liked"]

    def get_collected(self, note: Note) -> bool:
        return note.pk in self.context["collected"]


class SerializedNotes(APIView):
    """The answer with the same notes, by a ModelSerializer and DRF's own renderer."""

    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        found = _notes(_asked(request.query_params)).prefetch_related("images", "tags")
        notes = list(found)
        hearts = {
            "liked": _reacted(Like, request.user.pk, notes),
            "collected": _reacted(Collect, request.user.pk, notes),
        }
        return Response({"results": NoteReference(notes, many=True, context=hearts).data})
