"""What readers tell the engine: what they saw, and what they want less of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, go_back, people_only, viewer_of, whole_number
from accounts.errors import DomainError, Invalid, NotAllowed
from accounts.models import User
from community.errors import is_partial, shows_refusals, toast
from community.models import Channel, Note, Tag
from community.services.access import note_for
from feeds import impressions, less
from feeds.models import LessOf
from feeds.receipts import receipt_for

LARGEST_BATCH = 64 * 1024
TAGS_IN_MENU = 5
# Digits of the longest number that fits a row's id.


@csrf_exempt
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """A batch of impressions and events from one of our pages.

    Pages that are being left send it with `sendBeacon`, which can set no headers: instead of the
    form token the browser's own word counts that the sender is a page of this site, and the signed
    page token proves what was served. Visitors are not recorded.
    """
    viewer = viewer_of(request)
    if viewer is None:
        return HttpResponse(status=204)
    try:
        if not _is_sent_by_our_page(request):
            raise NotAllowed
        batch = _batch(request)
        key = batch.pop("key", None)
        if key is not None and not (isinstance(key, str) and 0 < len(key) <= 64):
            raise Invalid(_("A key has 1 to 64 characters."), field="key")
        answer = impressions.intake(viewer=viewer, batch=batch, key=key, now=timezone.now())
    except DomainError as refused:
        told = {"code": refused.kind, "detail": refused.text, "field": refused.field}
        return JsonResponse(told, status=refused.status)
    return JsonResponse(answer)


def _is_sent_by_our_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def _batch(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BATCH:
        raise Invalid(_("This batch is too large."), field="batch")
    try:
        batch = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        batch = None
    if not isinstance(batch, dict):
        raise Invalid(_("A batch is an object."), field="batch")
    return batch


@require_POST
@people_only
@shows_refusals
def less_of(request: PersonRequest) -> HttpResponse:
    """Ask for less of a tag, channel, author, place or note, or (with `undo`) take that back."""
    kind, undo = request.POST.get("kind", ""), "undo" in request.POST
    target = whole_number(request.POST.get("target", ""))
    if target is None:
        raise Invalid(_("Choose a tag, a channel, an author, a place or a note."), field="target")
    if undo:
        less.undo_less_of(person=request.user, kind=kind, target=target)
        words = _("Taken back.")
    else:
        less.less_of(person=request.user, kind=kind, target=target)
        words = _("You will meet less of it from the next page on.")
    if is_partial(request):
        return toast(words)
    messages.success(request, words)
    return go_back(request, "/")


@require_safe
@shows_refusals
def card_menu(request: HttpRequest, note_id: int) -> HttpResponse:
    """Why a note may be in a feed, and less of what it is: a sheet over the feed, or a page."""
    viewer = viewer_of(request)
    note = note_for(viewer, note_id)
    feed = request.GET.get("from", "")[:20]
    context = {
        "note": note,
        "feed": feed,
        "receipt": receipt_for(
            viewer,
            note_id=note.pk,
            feed=feed,
            list_id=whole_number(request.GET.get("list", "")) or 0,
            source=request.GET.get("as", "")[:12],
        ),
        "wishes": _wishes(note, viewer) if viewer and viewer.pk != note.author_id else [],
        "is_mine": viewer is not None and viewer.pk == note.author_id,
    }
    part = "feeds/_card_menu.html" if is_partial(request) else "feeds/card_menu.html"
    return render(request, part, context)


def _wishes(note: Note, viewer: User) -> list[dict[str, Any]]:
    """What one may want less of: kind, target, its name, and whether one asked already."""
    things: list[tuple[str, int, str]] = [("note", note.pk, "")]
    things.append(("author", note.author_id, note.author.profile.name))
    things.append(("channel", note.channel_id, _channel_name(note.channel)))
    if note.place is not None:
        things.append(("place", note.place.pk, note.place.name))
    tags = Tag.objects.filter(tagged__content_object=note).shown().order_by("pk")[:TAGS_IN_MENU]
    things += [("tag", tag.pk, f"#{tag.name}") for tag in tags]
    asked = set(LessOf.objects.filter(person=viewer).values_list("kind", "target"))
    return [
        {"kind": kind, "target": target, "name": name, "asked": (less.KINDS[kind], target) in asked}
        for kind, target, name in things
    ]


def _channel_name(channel: Channel) -> str:
    return f"{channel.parent.name} › {channel.name}" if channel.parent else channel.name
