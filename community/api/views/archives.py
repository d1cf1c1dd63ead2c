"""One's own archive, for programs: ask for it and see how far it is.

The file itself is fetched from the page, where the password is asked for: a token that was stolen
must not be enough for everything about a person.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.schema import describe
from community.archives import services
from community.archives.models import Archive

Shape = serializers.Serializer[Any]


class ArchiveShape(Shape):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(Archive.State.choices)
    percent = serializers.IntegerField()
    rows = serializers.IntegerField()
    files = serializers.IntegerField()
    bytes = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    page = serializers.CharField(
        allow_null=True, help_text="Where its person fetches it; asks for the password."
    )

    class Meta:
        ref_name = "Archive"


class ArchiveList(Shape):
    results = ArchiveShape(many=True)


class ArchivesView(MembersView):
    @describe("list_archives", "Your archives, newest first", answer=ArchiveList)
    def get(self, request: Request) -> Response:
        rows = Archive.objects.of(actor_of(request)).newest()
        return Response({"results": [_json(row) for row in rows]})

    @describe(
        "ask_for_archive", "Have everything about you put together", answer=ArchiveShape,
        status=202, refuses=[409],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        archive = services.ask_for_archive(person=actor_of(request), now=timezone.now())
        return Response(_json(archive), status=202)


class ArchiveView(MembersView):
    @describe("get_archive", "How far one of your archives is", answer=ArchiveShape, refuses=[404])
    def get(self, request: Request, archive_id: int) -> Response:
        return Response(_json(services.own_archive(actor_of(request), archive_id)))

    @describe("remove_archive", "Remove or stop an archive", status=204, refuses=[404])
    def delete(self, request: Request, archive_id: int) -> Response:
        services.throw_away(person=actor_of(request), archive_id=archive_id)
        return Response(status=204)


def _json(row: Archive) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "percent": row.percent,
        "rows": row.rows,
        "files": row.files,
        "bytes": row.size,
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "page": reverse("fetch-archive", args=[row.pk]) if row.is_ready else None,
    }
