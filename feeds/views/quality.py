"""The quality report before publishing: a fragment of the compose page, and a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, whole_number
from accounts.errors import Invalid
from community.errors import shows_refusals
from community.forms import NoteForm
from community.models import Note, NoteImage
from community.models.note import BODY_LENGTH, MAX_PICTURES, MAX_TAGS, TITLE_LENGTH
from community.services.access import own_note
from community.services.tagging import tag_names
from community.services.writing import fallback_channel
from community.views import composing
from feeds.quality.report import DraftQuality, Mark, report_on_draft, report_on_note

DIMENSIONS: dict[str, Promise] = {
    "title": _("Title"),
    "body": _("Text"),
    "variety": _("Variety of words"),
    "spam": _("Free of advertising"),
    "picture_count": _("Number of pictures"),
    "resolution": _("Size of pictures"),
    "sharpness": _("Sharpness"),
    "originality": _("Originality"),
    "light": pgettext_lazy("in a picture", "Light"),
    "contrast": _("Contrast"),
    "detail": _("Detail"),
    "tags": _("Tags"),
    "place": _("Place"),
}


@dataclass(frozen=True, slots=True)
class TotalDrawing:
    """Places on a line from 0 to 100."""

    total: float
    gain: float
    bar: float


@require_POST
@people_only
@shows_refusals
def draft_quality(request: PersonRequest) -> HttpResponse:
    """What is in the compose page's form, judged as it stands; nothing is saved."""
    note = _note_named(request)
    form = composing.form_for(request, note)
    form.is_valid()
    report = report_on_draft(
        author=request.user,
        note_id=note.pk if note else 0,
        title=_typed(form, "title")[:TITLE_LENGTH],
        body=_typed(form, "body")[:BODY_LENGTH],
        tags=_tags(form),
        has_place=bool(form.cleaned_data.get("place_name")),
        channel=form.chosen_channel or (note.channel if note else fallback_channel()),
        images=_own_pictures(request),
        now=timezone.now(),
    )
    for_all = form.cleaned_data.get("visibility", "public") == Note.Visibility.PUBLIC
    return render(request, "feeds/_quality.html", _shown(report, for_all=for_all))


@require_safe
@people_only
@shows_refusals
def note_quality(request: PersonRequest, note_id: int) -> HttpResponse:
    """The same of a saved note or draft, for browsers without JavaScript."""
    note = own_note(request.user, note_id)
    for_all = note.visibility == Note.Visibility.PUBLIC
    report = report_on_note(note, now=timezone.now())
    context = _shown(report, for_all=for_all)
    return render(request, "feeds/quality.html", {"note": note, "tab": "me", **context})


def _note_named(request: PersonRequest) -> Note | None:
    """The note that the form edits. Raises NotFound for one of somebody else."""
    number = whole_number(request.POST.get("note", ""))
    return composing.own_draft_or_note(request.user, number) if number else None


def _typed(form: NoteForm, name: str) -> str:
    """The cleaned field, or what was typed where it is refused, e.g. too long."""
    return str(form.cleaned_data.get(name, form.data.get(name, "")))


def _tags(form: NoteForm) -> list[str]:
    typed = {"title": _typed(form, "title"), "body": _typed(form, "body")}
    try:
        return tag_names(chosen=form.chosen_tags, **typed)
    except Invalid:
        return form.chosen_tags[: MAX_TAGS + 1]  # too many, and judged so


def _own_pictures(request: PersonRequest) -> list[NoteImage]:
    """Those the form holds, as far as they are the author's."""
    words = request.POST.getlist("order")[: 2 * MAX_PICTURES]
    ids = [number for number in map(whole_number, words) if number]
    return list(NoteImage.objects.filter(pk__in=ids, note__author=request.user))


def _shown(report: DraftQuality, *, for_all: bool) -> dict[str, object]:
    drawing = TotalDrawing(
        total=round(100 * report.total, 1),
        gain=round(100 * (report.possible - report.total), 1),
        bar=round(100 * report.bar, 1),
    )
    mend = [mark for mark in report.marks if mark.advice and mark.gain > 0]
    return {
        "quality": report,
        "drawing": drawing,
        "for_all": for_all,
        "to_mend": _together(mend),
        "marks": named_marks(report.marks),
    }


def _together(marks: list[Mark]) -> list[tuple[str, Mark, float]]:
    """Dimensions with one advice as one line: their names, one of them, what all would gain."""
    by_advice: dict[str, list[Mark]] = {}
    for mark in marks:
        by_advice.setdefault(mark.advice, []).append(mark)
    lines = [(*_named(some), sum(mark.gain for mark in some)) for some in by_advice.values()]
    return sorted(lines, key=lambda line: -line[2])


def named_marks(marks: list[Mark]) -> list[tuple[str, Mark]]:
    """Weakest first; dimensions that lost the same for the same reason are said in one breath."""
    ordered = sorted(marks, key=lambda mark: (mark.score, mark.reason))
    together = groupby(ordered, key=lambda mark: (mark.score, mark.reason))
    return [_named(list(members)) for _key, members in together]


def _named(marks: list[Mark]) -> tuple[str, Mark]:
    return " · ".join(str(DIMENSIONS.get(mark.name, mark.name)) for mark in marks), marks[0]
