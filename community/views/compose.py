"""Write, edit and publish notes. Nothing is made by looking: the first act makes the draft.

Without JavaScript one multipart form does all. With it, pictures are sent one by one as they are
picked, and the words of a draft are saved every few seconds.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Conflict, DomainError, Invalid
from community.brands.linking import products_to_offer
from community.brands.rules import MOST_LINKED
from community.errors import shows_refusals
from community.forms import NoteForm, Words
from community.media.limits import MAX_UPLOAD_BYTES
from community.models import Note, NoteImage
from community.models.note import BODY_LENGTH, MAX_PICTURES, TITLE_LENGTH
from community.pictures_shown import picture_of
from community.pressed_once import pressed_once
from community.schedules.models import Schedule
from community.services import writing
from community.services.channel_guess import guess_channel
from community.services.versions import STALE, words_version

from . import composing, suggestions
from .composing import Refused
from .pictures import shown_row
from .videos import take_video, video_row

# What a person keeps as drafts, newest first; older ones are reached by publishing or deleting.
DRAFTS_LISTED = 100
# Presses of these buttons save, and show the page again.
STAYS_HERE = ("earlier", "later", "remove", "remove_video", "retry_video", "add", "suggest", "find")


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def compose(request: PersonRequest) -> HttpResponse:
    form = composing.form_for(request, None)
    return _receive(request, None, form) if request.method == "POST" else _page(request, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def edit_note(request: PersonRequest, note_id: int) -> HttpResponse:
    note = composing.own_draft_or_note(request.user, note_id)
    form = composing.form_for(request, note)
    return _receive(request, note, form) if request.method == "POST" else _page(request, note, form)


def _receive(request: PersonRequest, note: Note | None, form: NoteForm) -> HttpResponse:
    """1. Words. 2. Order of pictures. 3. New pictures, or a video. 4. Publish. Refusals are told in
    place."""
    author, files = request.user, request.FILES.getlist("pictures")
    video = request.FILES.get("video")
    try:
        saved = composing.save_typed(
            author, note, form, version=request.POST.get("version") or None
        )
    except Conflict as refusal:
        return _overtaken(request, note, form, refusal)
    kept = saved or note or (composing.keep_what_is_good(author, form) if files or video else None)
    refused: list[Refused] = []
    if kept is not None:
        composing.arrange(request, kept)
        refused = composing.take_pictures(author, kept, files)
        refused += take_video(author, kept, video)
        if not composing.choose_cover(request, kept, form):
            saved = None
    if saved is None or refused:
        version = request.POST.get("version") if saved is None else None
        return _page(request, kept, form, refused=refused, version=version, status=400)
    if any(button in request.POST for button in STAYS_HERE):
        return see_other(request, f"{reverse('edit-note', args=[saved.pk])}{_part(form)}")
    answer = _finish(request, saved, form)
    if note is None:
        # All words stand in the new draft, whatever else was refused: a second press goes there.
        answer.headers["Content-Location"] = reverse("edit-note", args=[saved.pk])
    return answer


def _part(form: NoteForm) -> str:
    """The part of the page whose button was pressed; products with the words looked for."""
    if "find" in form.data:
        return f"?{urlencode({'product_q': form.cleaned_data['product_q']})}#products"
    return "#tags" if "suggest" in form.data else "#pictures"


def _overtaken(
    request: PersonRequest, note: Note | None, form: NoteForm, refusal: Conflict
) -> HttpResponse:
    """Somebody's other window was faster: both texts are kept, and the next press decides."""
    if note is None or refusal.kind != STALE:
        raise refusal
    refused = composing.take_pictures(request.user, note, request.FILES.getlist("pictures"))
    refused += take_video(request.user, note, request.FILES.get("video"))
    return _page(request, note, form, refused=refused, overtaken=True, status=409)


def _finish(request: PersonRequest, note: Note, form: NoteForm) -> HttpResponse:
    if note.is_published:
        messages.success(request, _("Your changes are saved."))
        return see_other(request, note)
    if request.POST.get("act") == "check":
        return see_other(request, "note-quality", note.pk)
    if request.POST.get("act") == "schedule":
        if not composing.schedule(request.user, note, form):
            return _page(request, note, form, status=400)
        messages.success(request, _("It is planned. You find it with your drafts."))
        return see_other(request, "drafts")
    if request.POST.get("act") != "publish":
        messages.success(request, _("Saved as a draft. Nobody else sees it yet."))
        return see_other(request, "edit-note", note.pk)
    if not composing.publish(request.user, note, form):
        return _page(request, note, form, status=400)
    messages.success(request, _("Published."))
    return see_other(request, note)


def _page(
    request: PersonRequest,
    note: Note | None,
    form: NoteForm,
    *,
    refused: list[Refused] | None = None,
    version: str | None = None,
    overtaken: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page; `version` is that of the words on it, by default that of the note as it is."""
    rows = composing.picture_rows(note)
    context = {
        "note": note,
        "plan": Schedule.objects.filter(note=note).first() if note else None,
        "version": version or (words_version(note) if note else ""),
        "overtaken": overtaken,
        "form": form,
        "pictures": [shown_row(image) for image in rows],
        "video": video_row(note),
        "second_cover": any(image.second_cover for image in rows),
        "refused": refused or [],
        "limits": {"title": TITLE_LENGTH, "body": BODY_LENGTH, "pictures": MAX_PICTURES},
        "largest_upload": MAX_UPLOAD_BYTES,
        **_products_offered(request, form),
        "largest_video": settings.VIDEO_LARGEST_BYTES,
        "video_limits": {
            "megabytes": settings.VIDEO_LARGEST_BYTES // 1_000_000,
            "minutes": settings.VIDEO_LONGEST // timedelta(minutes=1),
        },
        **_offered(request, form),
    }
    return render(request, "community/compose.html", context, status=status)


def _offered(request: PersonRequest, form: NoteForm) -> dict[str, object]:
    """Tags and a channel for the words on the page; its module asks anew while one types."""
    title, body = (str(form[name].value() or "") for name in ("title", "body"))
    if not (title or body):
        return {}
    chosen = Words.split(str(form["tags"].value() or ""))
    offers = suggestions.offers_for(request.user, title=title, body=body, chosen=chosen)
    guess = guess_channel(title=title, body=body)
    if guess is None or guess.channel.slug == form["channel"].value():
        return {"offers": offers}
    channel = {"slug": guess.channel.slug, "name": suggestions.full_name(guess)}
    return {"offers": offers, "guess": channel}


def _products_offered(request: PersonRequest, form: NoteForm) -> dict[str, object]:
    """Products the note links, and those that the words found (without JavaScript)."""
    words = request.GET.get("product_q", "").replace("\0", " ")[:100]
    chosen = form.chosen_products
    return {
        "offered": products_to_offer(words, chosen=chosen),
        "chosen": chosen,
        "product_q": words,
        "most_linked": MOST_LINKED,
    }


# ---------------------------------------------------------------- what the page's module asks for
@require_POST
@people_only
def start_draft(request: PersonRequest) -> HttpResponse:
    """The first act on an empty page: a draft to put it into."""
    try:
        note = writing.save_draft(author=request.user, content=writing.NoteContent())
    except Invalid as refusal:
        return composing.said_no(refusal)
    return JsonResponse(
        {
            "id": note.pk,
            "edit": reverse("edit-note", args=[note.pk]),
            "pictures": reverse("note-pictures", args=[note.pk]),
            "video": reverse("note-video", args=[note.pk]),
            "save": reverse("save-draft", args=[note.pk]),
            "version": words_version(note),
        },
        status=201,
    )


@require_POST
@people_only
def save_draft(request: PersonRequest, note_id: int) -> HttpResponse:
    """Autosave: the words of a draft, if they are good and nobody wrote others since the page was
    opened. A published note waits for the button."""
    try:
        note = composing.own_draft_or_note(request.user, note_id)
        if note.is_published:
            return JsonResponse({"saved": False})
        form = composing.form_for(request, note)
        version = request.POST.get("version") or None
        saved = composing.save_typed(request.user, note, form, version=version, keep_place=True)
        if saved is None:
            return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
        composing.arrange(request, note)
        if not composing.choose_cover(request, note, form):
            return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    except Conflict as refusal:
        return composing.said_no(refusal, version=words_version(note))
    except DomainError as refusal:
        return composing.said_no(refusal)
    at = timezone.localtime().strftime("%H:%M")
    return JsonResponse({"saved": True, "at": at, "version": words_version(saved)})


@require_safe
@people_only
def drafts(request: PersonRequest) -> HttpResponse:
    own = Note.objects.visible_to(request.user).filter(author=request.user, state=Note.State.DRAFT)
    own = own.select_related("channel", "schedule").prefetch_related("images")
    planned = Q(schedule__isnull=False, schedule__refused_at=None)
    context = {
        "planned": _listed(own.filter(planned).order_by("schedule__publish_at", "pk")),
        "drafts": _listed(own.exclude(planned).order_by("-created_at")),
        "tab": "me",
    }
    return render(request, "community/drafts.html", context)


def _listed(notes: QuerySet[Note]) -> list[dict[str, object]]:
    return [
        {"row": note, "cover": _cover(note), "plan": getattr(note, "schedule", None)}
        for note in notes[:DRAFTS_LISTED]
    ]


def _cover(note: Note) -> object:
    ready = [image for image in note.images.all() if image.state == NoteImage.State.READY]
    return picture_of(ready[0]) if ready else None
