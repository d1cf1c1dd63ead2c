"""Pictures of a note: uploaded one by one, described, ordered, removed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, UploadView, actor_of, viewer_of
from accounts.api.reading import body_of, form_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from accounts.errors import NotFound
from accounts.models import User
from community.api import serializers as shapes
from community.api.note_rows import PICTURE_COLUMNS, picture_json, pictures_json
from community.models import Note, NoteImage
from community.services.access import note_for, own_note
from community.services.covers import choose_second_cover
from community.services.pictures import add_picture, arrange_pictures, remove_picture


class PicturesView(UploadView):
    def get_permissions(self) -> Any:
        return [] if self.request.method in ("GET", "HEAD") else super().get_permissions()

    @property
    def extra_rate(self) -> str:  # type: ignore[override]
        return "upload" if self.request.method == "POST" else ""

    @describe("list_pictures", "The pictures of a note", answer=shapes.PictureList, refuses=[404])
    def get(self, request: Request, note_id: int) -> Response:
        note = note_for(viewer_of(request), note_id)
        viewer = viewer_of(request)
        results = pictures_json(
            note.images.order_by("position", "pk").values(*PICTURE_COLUMNS),
            note_id=note_id,
            author_id=note.author_id,
            viewer_id=viewer.pk if viewer else None,
            base=site_address(request),
        )
        return Response({"results": results})

    @describe(
        "add_picture",
        "Add a picture to your note",
        body=shapes.PictureBody,
        answer=shapes.Picture,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        author = actor_of(request)
        own_note(author, note_id)  # refused before the file is looked at
        upload, name, fields = form_of(request, shapes.PictureBody)
        image = add_picture(author=author, note_id=note_id, upload=upload, name=name, **fields)
        return Response(_one(request, note_id, image.pk), status=201)


class PictureView(MembersView):
    @describe(
        "edit_picture",
        "Describe or move a picture, or make it the second cover to be tested",
        body=shapes.PictureChangeBody,
        answer=shapes.Picture,
        refuses=[403, 404, 409],
    )
    def patch(self, request: Request, note_id: int, picture_id: int) -> Response:
        own_note(actor_of(request), note_id)
        body = body_of(request, shapes.PictureChangeBody)
        with transaction.atomic():
            order = _order_with(note_id, picture_id, body.get("position"))
            alts = {picture_id: body["alt"]} if "alt" in body else None
            arrange_pictures(author=actor_of(request), note_id=note_id, order=order, alts=alts)
            _choose_cover(actor_of(request), note_id, picture_id, body.get("second_cover"))
        return Response(_one(request, note_id, picture_id))

    @describe("remove_picture", "Remove a picture", status=204, refuses=[403, 404])
    def delete(self, request: Request, note_id: int, picture_id: int) -> Response:
        remove_picture(author=actor_of(request), note_id=note_id, image_id=picture_id)
        return Response(status=204)


def _choose_cover(author: User, note_id: int, picture_id: int, wish: bool | None) -> None:
    """Take this picture as the second cover, or take it back if it is the one that was chosen."""
    if wish:
        choose_second_cover(author=author, note_id=note_id, image_id=picture_id)
    elif wish is False:
        chosen = NoteImage.objects.filter(pk=picture_id, note=note_id).exclude(second_cover="")
        if chosen.exists():
            choose_second_cover(author=author, note_id=note_id, image_id=None)


def _order_with(note_id: int, picture_id: int, position: int | None) -> list[int]:
    """Ids of the note's own pictures with this one moved. Raises NotFound.

    The note's row is held, so that a picture that is just being added is not left out.
    """
    Note.objects.select_for_update(no_key=True).filter(pk=note_id).first()
    images = NoteImage.objects.filter(note=note_id, is_text_card=False).order_by("position", "pk")
    order = list(images.values_list("pk", flat=True))
    if picture_id not in order:
        raise NotFound
    if position is not None:
        order.remove(picture_id)
        order.insert(position, picture_id)
    return order


def _one(request: Request, note_id: int, picture_id: int) -> dict[str, Any]:
    row = NoteImage.objects.filter(note=note_id, pk=picture_id).values(*PICTURE_COLUMNS).first()
    if row is None:
        raise NotFound
    return picture_json(row, site_address(request))
