"""From what was typed on the compose page to a saved note: the steps the compose views share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from accounts.asking import PersonRequest, whole_number
from accounts.errors import Conflict, DomainError, Invalid, NotFound
from accounts.limits import TooOften, count_upload
from accounts.models import User
from community.forms import NoteForm
from community.models import Note, NoteImage, Place
from community.models.licence import Licence
from community.models.note import BODY_LENGTH, MAX_TAGS, TITLE_LENGTH
from community.schedules.services import schedule_note
from community.services import covers, pictures, videos, writing
from community.services.places import find_or_create_place
from community.text.clean import clean_body, clean_line

from .known import channels_to_choose, places_known_to

# Fields of services whose errors belong beside another field of the form.
BESIDE = {
    "picture": "pictures",
    "place": "place_name",
    "products": "product",
    "disclosure": "paid",
}


@dataclass
class Refused:
    """A file that was not taken."""

    name: str
    why: str


def save_typed(
    author: User,
    note: Note | None,
    form: NoteForm,
    *,
    version: str | None = None,
    keep_place: bool = False,
) -> Note | None:
    """Save the words as a new draft or over a note; None, with errors in the form, if refused.

    `version` is that of the words the page was opened with; Conflict where it is not that of the
    note any more. `keep_place` leaves the note's place as it was: half a name, saved by itself, is
    no place.
    """
    if not form.is_valid():
        return None
    try:
        place = note.place if note is not None and keep_place else place_typed(author, form)
        content = _content(note, form, place)
        if note is None:
            return writing.save_draft(author=author, content=content)
        return writing.edit_note(author=author, note_id=note.pk, content=content, version=version)
    except Invalid as refusal:
        _put_beside(form, refusal)
        return None


def keep_what_is_good(author: User, form: NoteForm) -> Note:
    """A draft of the fields that were fine, so that pictures sent with a refused form are kept."""
    good = {
        name: form.cleaned_data.get(name, "")
        for name in ("title", "body")
        if name not in form.errors
    }
    try:
        content = writing.NoteContent(**good, channel=form.chosen_channel)
        return writing.save_draft(author=author, content=content)
    except Invalid:
        return writing.save_draft(author=author, content=writing.NoteContent())


def take_pictures(author: User, note: Note, files: Iterable[UploadedFile]) -> list[Refused]:
    """Add each file; what was refused is told by name, the others are kept."""
    refused = []
    for file in files:
        try:
            count_upload(author.pk)
            pictures.add_picture(
                author=author, note_id=note.pk, upload=cast(BinaryIO, file), name=file.name or ""
            )
        except (Invalid, TooOften) as refusal:
            refused.append(Refused(file.name or _("A file"), str(refusal)))
    return refused


def arrange(request: PersonRequest, note: Note) -> None:
    """Order, descriptions and removals as the form says, if it speaks of pictures at all."""
    if "arranged" not in request.POST:
        return
    if "remove_video" in request.POST:
        with suppress(NotFound):  # a second press of the button
            videos.remove_video(author=note.author, note_id=note.pk)
    if "retry_video" in request.POST:
        with suppress(NotFound, Invalid):  # a second press, or another window's
            videos.retry_video(author=note.author, note_id=note.pk)
    seen = _numbers(request.POST.getlist("order"))
    removed = _numbers([request.POST.get("remove", "")])
    order = _moved([pk for pk in seen if pk not in removed], request.POST)
    alts = {pk: request.POST[f"alt-{pk}"] for pk in order if f"alt-{pk}" in request.POST}
    pictures.arrange_pictures(
        author=note.author, note_id=note.pk, order=order, alts=alts, seen=set(seen)
    )


def choose_cover(request: PersonRequest, note: Note, form: NoteForm) -> bool:
    """The second cover as the form says; False with the reason in the form. One that became the
    first, or was removed by the same press, is none."""
    if note.is_published or "second_cover" not in request.POST:
        return True
    chosen = next(iter(_numbers([request.POST["second_cover"]])), None)
    first = next((image.pk for image in covers.own_pictures(note)), None)
    if chosen in (first, *_numbers([request.POST.get("remove", "")])):
        chosen = None
    try:
        covers.choose_second_cover(author=note.author, note_id=note.pk, image_id=chosen)
    except Invalid as refusal:
        _put_beside(form, refusal)
        return False
    return True


def publish(author: User, note: Note, form: NoteForm) -> bool:
    """Publish the draft; False with the reason in the form."""
    try:
        if not form.cleaned_data.get("channel"):
            raise Invalid(_("Choose the channel in which people will find it."), field="channel")
        writing.publish_note(author=author, note_id=note.pk)
    except Conflict:
        return True  # a second press of the button: it is published, which was the wish
    except Invalid as refusal:
        _put_beside(form, refusal)
        return False
    return True


def schedule(author: User, note: Note, form: NoteForm) -> bool:
    """Let the draft publish itself at the time typed; False with the reason in the form."""
    try:
        if not form.cleaned_data.get("channel"):
            raise Invalid(_("Choose the channel in which people will find it."), field="channel")
        publish_at = form.cleaned_data.get("publish_at")
        if publish_at is None:
            raise Invalid(_("Choose a time."), field="publish_at")
        schedule_note(author=author, note_id=note.pk, publish_at=publish_at)
    except Invalid as refusal:
        _put_beside(form, refusal)
        return False
    return True


def form_for(request: PersonRequest, note: Note | None) -> NoteForm:
    """The form with what was typed, or with what the note says, or empty."""
    channels = channels_to_choose()
    if note is not None and note.channel not in channels:
        channels.append(note.channel)
    if request.method == "POST":
        return NoteForm(_with_what_was_ticked(request.POST), channels=channels)
    if note is not None:
        return NoteForm.of(note, channels)
    # Pages of tags and campaigns lead here with theirs, other programs with what is shared.
    asked = {
        "tags": clean_line(request.GET.get("tags", "")[:200], max_length=100),
        "title": clean_line(request.GET.get("title", ""), max_length=TITLE_LENGTH),
        "body": clean_body(request.GET.get("body", ""))[:BODY_LENGTH],
    }
    return NoteForm(channels=channels, initial={"visibility": Note.Visibility.PUBLIC, **asked})


def _with_what_was_ticked(sent: QueryDict) -> QueryDict:
    """Offers that were ticked join what was typed, as the page's module would have done."""
    typed = sent.copy()
    if offers := typed.getlist("offer")[:MAX_TAGS]:
        typed["tags"] = ", ".join(filter(None, [typed.get("tags", ""), *offers]))
    if channel := typed.get("take_channel"):
        typed["channel"] = channel
    return typed


def place_typed(author: User, form: NoteForm) -> Place | None:
    """The place at the coordinates, or the one known place of that name. Raises Invalid."""
    typed = form.cleaned_data
    name, city = typed.get("place_name", ""), typed.get("place_city", "")
    latitude, longitude = typed.get("latitude"), typed.get("longitude")
    if not name and latitude is None and longitude is None:
        if city:
            raise Invalid(_("Give the place a name."), field="place_name")
        return None
    if latitude is not None and longitude is not None:
        return find_or_create_place(name=name, latitude=latitude, longitude=longitude, city=city)
    if latitude is not None or longitude is not None:
        missing = "longitude" if longitude is None else "latitude"
        raise Invalid(_("A position needs both latitude and longitude."), field=missing)
    return _place_called(author, name, city)


def _place_called(author: User, name: str, city: str) -> Place:
    known = places_known_to(author).filter(name__iexact=name)
    if city:
        known = known.filter(city__iexact=city)
    match list(known[:2]):
        case [place]:
            return place
        case []:
            why = _(
                "We do not know where this is. Use your position, or give latitude and longitude."
            )
        case _several:
            why = _(
                "There are several places of this name. Add the city, or latitude and longitude."
            )
    raise Invalid(why, field="place_name")


def _content(note: Note | None, form: NoteForm, place: Place | None) -> writing.NoteContent:
    channel = form.chosen_channel
    if note is not None and channel == note.channel:
        channel = None  # as it was: also when that channel takes no new notes any more
    return writing.NoteContent(
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
        tags=form.chosen_tags,
        channel=channel,
        place=place,
        visibility=form.cleaned_data["visibility"],
        licence=form.cleaned_data["licence"] or (note.licence if note else Licence.RESERVED),
        ai_made=form.cleaned_data["ai_made"],
        **form.commerce_typed,
    )


def _put_beside(form: NoteForm, refusal: DomainError) -> None:
    field = BESIDE.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))


def _moved(order: list[int], typed: Mapping[str, str]) -> list[int]:
    """The order after one press of an "earlier" or "later" button without JavaScript."""
    for name, step in (("earlier", -1), ("later", 1)):
        for pk in _numbers([typed.get(name, "")]):
            if pk in order:
                here = order.index(pk)
                there = min(max(here + step, 0), len(order) - 1)
                order.insert(there, order.pop(here))
    return order


def _numbers(raw: Iterable[str]) -> list[int]:
    return [number for number in map(whole_number, raw) if number is not None]


def own_draft_or_note(author: User, note_id: int) -> Note:
    """One's own note with what the compose page shows. Raises NotFound."""
    note = (
        Note.objects.visible_to(author)
        .filter(author=author)
        .select_related("channel", "place", "author__profile")
        .filter(pk=note_id)
        .first()
    )
    if note is None:
        raise NotFound
    return note


def picture_rows(note: Note | None) -> list[NoteImage]:
    """The author's own pictures in order, refused ones with their reason included; not the poster
    of a video, which stands in the video's own row."""
    return [] if note is None else list(note.images.filter(is_text_card=False, video=None))


def said_no(refusal: DomainError, **more: str) -> HttpResponse:
    """A refusal for a module of the page."""
    said = {"error": str(refusal), "code": refusal.kind} | more
    return JsonResponse(said, status=refusal.status)
