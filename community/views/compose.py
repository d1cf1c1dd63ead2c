"""Write, edit and publish notes. Nothing is made by looking: the first act makes the draft.

Without JavaScript one multipart form does all. With it, pictures are sent one by one as they are
picked, and the words of a draft are saved every few seconds.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, Invalid
from accounts.limits import count_upload
from community.errors import shows_refusals
from community.forms import NoteForm, Words
from community.media.limits import MAX_UPLOAD_BYTES
from community.media.refusals import REFUSALS
from community.models import Note, NoteImage
from community.models.note import BODY_LENGTH, MAX_PICTURES, TITLE_LENGTH
from community.pictures_shown import picture_of
from community.services import pictures, writing
from community.services.channel_guess import guess_channel

from . import composing, suggestions
from .composing import Refused
from .note import picture_strip

# What a person keeps as drafts, newest first; older ones are reached by publishing or deleting.
DRAFTS_LISTED = 100
# Presses of these buttons save, and show the page again.
STAYS_HERE = ("earlier", "later", "remove", "add", "suggest")


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def compose(request: PersonRequest) -> HttpResponse:
    form = composing.form_for(request, None)
    return _receive(request, None, form) if request.method == "POST" else _page(request, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def edit_note(request: PersonRequest, note_id: int) -> HttpResponse:
    note = composing.own_draft_or_note(request.user, note_id)
    form = composing.form_for(request, note)
    return _receive(request, note, form) if request.method == "POST" else _page(request, note, form)


def _receive(request: PersonRequest, note: Note | None, form: NoteForm) -> HttpResponse:
    """1. Words. 2. Order of pictures. 3. New pictures. 4. Publish. Refusals are told in place."""
    author, files = request.user, request.FILES.getlist("pictures")
    saved = composing.save_typed(author, note, form)
    kept = saved or note or (composing.keep_what_is_good(author, form) if files else None)
    refused: list[Refused] = []
    if kept is not None:
        composing.arrange(request, kept)
        refused = composing.take_pictures(author, kept, files)
        if not composing.choose_cover(request, kept, form):
            saved = None
    if saved is None or refused:
        return _page(request, kept, form, refused=refused, status=400)
    if any(button in request.POST for button in STAYS_HERE):
        part = "tags" if "suggest" in request.POST else "pictures"
        return see_other(request, f"{reverse('edit-note', args=[saved.pk])}#{part}")
    return _finish(request, saved, form)


def _finish(request: PersonRequest, note: Note, form: NoteForm) -> HttpResponse:
    if note.is_published:
        messages.success(request, _("Your changes are saved."))
        return see_other(request, note)
    if request.POST.get("act") == "check":
        return see_other(request, "note-quality", note.pk)
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
    status: int = 200,
) -> HttpResponse:
    rows = composing.picture_rows(note)
    context = {
        "note": note,
        "form": form,
        "pictures": [_shown(image) for image in rows],
        "second_cover": any(image.second_cover for image in rows),
        "refused": refused or [],
        "limits": {"title": TITLE_LENGTH, "body": BODY_LENGTH, "pictures": MAX_PICTURES},
        "largest_upload": MAX_UPLOAD_BYTES,
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


def _shown(image: NoteImage) -> dict[str, object]:
    return {"row": image, "shown": picture_of(image), "why": _why_refused(image)}


def _why_refused(image: NoteImage) -> object:
    return REFUSALS.get(image.refusal, "") if image.state == NoteImage.State.REFUSED else ""  # type: ignore[call-overload]


# ---------------------------------------------------------------- what the page's module asks for
@require_POST
@people_only
def start_draft(request: PersonRequest) -> HttpResponse:
    """The first act on an empty page: a draft to put it into."""
    try:
        note = writing.save_draft(author=request.user, content=writing.NoteContent())
    except Invalid as refusal:
        return _said_no(refusal)
    return JsonResponse(
        {
            "id": note.pk,
            "edit": reverse("edit-note", args=[note.pk]),
            "pictures": reverse("note-pictures", args=[note.pk]),
            "save": reverse("save-draft", args=[note.pk]),
        },
        status=201,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def note_pictures(request: PersonRequest, note_id: int) -> HttpResponse:
    """GET: the strip of pictures as readers see it. POST: one more picture."""
    return (add_picture if request.method == "POST" else picture_strip)(request, note_id)


@people_only
def add_picture(request: PersonRequest, note_id: int) -> HttpResponse:
    """One file. Answers with the picture's row of the compose page, or why it was refused."""
    file = request.FILES.get("picture")
    try:
        if file is None:
            raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
        count_upload(request.user.pk)
        image = pictures.add_picture(
            author=request.user, note_id=note_id, upload=cast(BinaryIO, file), name=file.name or ""
        )
    except DomainError as refusal:
        return _said_no(refusal)
    part = {"picture": _shown(image), "total": 1}
    row = render_to_string("community/_picture_row.html", part, request=request)
    return JsonResponse({"id": image.pk, "row": row}, status=201)


@require_safe
@people_only
def picture_state(request: PersonRequest, image_id: int) -> HttpResponse:
    """How far a picture is: asked by the compose page while it is being prepared."""
    image = NoteImage.objects.filter(pk=image_id, note__author=request.user).first()
    if image is None:
        return JsonResponse({"state": "gone"}, status=404)
    return JsonResponse(
        {"state": image.state, "src": picture_of(image).src, "why": str(_why_refused(image))}
    )


@require_POST
@people_only
@shows_refusals
def remove_picture(request: PersonRequest, image_id: int) -> HttpResponse:
    image = NoteImage.objects.filter(pk=image_id).first()
    note_id = image.note_id if image else 0
    pictures.remove_picture(author=request.user, note_id=note_id, image_id=image_id)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"removed": image_id})
    return see_other(request, "edit-note", note_id)


@require_POST
@people_only
def save_draft(request: PersonRequest, note_id: int) -> HttpResponse:
    """Autosave: the words of a draft, if they are good. A published note waits for the button."""
    try:
        note = composing.own_draft_or_note(request.user, note_id)
        if note.is_published:
            return JsonResponse({"saved": False})
        form = composing.form_for(request, note)
        if composing.save_typed(request.user, note, form, keep_place=True) is None:
            return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
        composing.arrange(request, note)
        if not composing.choose_cover(request, note, form):
            return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    except DomainError as refusal:
        return _said_no(refusal)
    return JsonResponse({"saved": True, "at": timezone.localtime().strftime("%H:%M")})


@require_safe
@people_only
def drafts(request: PersonRequest) -> HttpResponse:
    own = Note.objects.visible_to(request.user).filter(author=request.user, state=Note.State.DRAFT)
    rows = own.select_related("channel").prefetch_related("images").order_by("-created_at")
    shown = [{"row": note, "cover": _cover(note)} for note in rows[:DRAFTS_LISTED]]
    return render(request, "community/drafts.html", {"drafts": shown, "tab": "me"})


def _cover(note: Note) -> object:
    ready = [image for image in note.images.all() if image.state == NoteImage.State.READY]
    return picture_of(ready[0]) if ready else None


def _said_no(refusal: DomainError) -> HttpResponse:
    return JsonResponse({"error": str(refusal), "code": refusal.kind}, status=refusal.status)
