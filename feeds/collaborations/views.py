"""Pages of the directory and of what brands and creators agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, posted_number, see_other
from accounts.errors import DomainError, Invalid
from accounts.wallet import money
from community.brands.models import Brand
from community.brands.rules import RIGHTS, Right
from community.errors import shows_refusals
from community.models import Note, NoteImage
from community.pressed_once import pressed_once
from community.services.pictures import renditions_path
from community.views.media import CONFIDENTIAL, send_file
from feeds.insights.wording import FIGURES as FIGURE_NAMES

from . import directory, services
from .forms import CounterForm, ListingForm, OfferForm, SearchForm
from .models import Collaboration, Creator
from .report import report_on
from .rules import Act, State, acts_of

SHOWN = 24
LIST_SHOWN = 100


# ---------------------------------------------------------------- directory
@require_safe
@people_only
def creators(request: PersonRequest) -> HttpResponse:
    """Creators who may be found."""
    form = SearchForm(request.GET or None)
    wanted, after = form.wanted(), request.GET.get("after", "")
    found = directory.find(request.user, wanted).prefetch_related("fields__channel")
    rows, following = directory.page_of(found, sort=wanted.sort, after=after, size=SHOWN)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "form": form, "creators": rows, "following": following, "after": after,
        "query": query.urlencode(), "tab": "me",
    }  # fmt: skip
    return render(request, "collaborations/creators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
def listing(request: PersonRequest) -> HttpResponse:
    """How one wants to be found oneself."""
    own = Creator.objects.filter(person=request.user).first()
    if request.method == "POST":
        form = ListingForm(request.POST)
        if form.is_valid() and _saved(request, form):
            messages.success(request, _("Saved."))
            return redirect("creator-listing")
        return render(request, "collaborations/listing.html", _listed(own, form), status=400)
    first = {
        "listed": own.listed, "about": own.about, "price": _typed(own.price),
        "fields_of": [field.channel.slug for field in own.fields.select_related("channel")],
    } if own else {}  # fmt: skip
    return render(request, "collaborations/listing.html", _listed(own, ListingForm(initial=first)))


def _listed(own: Creator | None, form: ListingForm) -> dict[str, Any]:
    return {"form": form, "own": own, "tab": "me"}


def _saved(request: PersonRequest, form: ListingForm) -> bool:
    said = form.cleaned_data
    try:
        directory.describe(
            person=request.user, listed=said["listed"], about=said["about"], price=said["price"],
            fields=list(said["fields_of"]), now=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        field = "fields_of" if refusal.field == "fields" else refusal.field
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


# ---------------------------------------------------------------- offers
@require_safe
@people_only
def collaborations(request: PersonRequest) -> HttpResponse:
    """All of the person's, as a creator and of their brands."""
    found = Collaboration.objects.of(request.user).select_related("brand", "creator__profile")
    context = {"found": found.order_by("-pk")[:LIST_SHOWN], "tab": "me"}
    return render(request, "collaborations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def offer(request: PersonRequest, username: str) -> HttpResponse:
    """Offer a creator a price for a note."""
    brands = _brands_of(request)
    card = directory.find(request.user, directory.Wanted()).filter(person__username=username)
    creator = card.first()
    if creator is None:
        raise Http404
    form = OfferForm(request.POST or None, brands=brands, initial={"price": _typed(creator.price)})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.offer(
                by=request.user, brand_slug=form.cleaned_data["brand"].slug,
                creator=creator.person.username, terms=form.terms(), now=timezone.now(),
            )  # fmt: skip
            return see_other(request, made)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "creator": creator, "brands": brands, "tab": "me"}
    status = 400 if request.method == "POST" else 200
    return render(request, "collaborations/offer.html", context, status=status)


def _typed(price: int | None) -> str:
    """Minor units as one would type them."""
    return "" if price is None else money.plain(price)


def _brands_of(request: PersonRequest) -> Any:
    roles = [role for role, rights in RIGHTS.items() if Right.COLLABORATE in rights]
    return Brand.objects.shown().filter(members__person=request.user, members__role__in=roles)


@require_safe
@people_only
@shows_refusals
def collaboration(request: PersonRequest, collaboration_id: int) -> HttpResponse:
    return _page(request, collaboration_id)


def _page(request: PersonRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    found, side = services.for_person(request.user, pk)
    acts = acts_of(side, State(found.state))
    drafts = Note.objects.none()
    if Act.HAND_IN in acts:
        drafts = Note.objects.visible_to(request.user).filter(
            author=request.user, state=Note.State.DRAFT, visibility=Note.Visibility.PUBLIC
        )
    report = report_on(found)
    context = {
        "found": found,
        "acts": {str(act) for act in acts},
        "drafts": drafts.order_by("-pk")[:50],
        "pictures": _pictures(found),
        "steps": found.steps.select_related("by"),
        "counter": CounterForm(initial={"price": _typed(found.price), "draft_by": found.draft_by}),
        "report": report,
        "figures": [(FIGURE_NAMES[name], count, each) for name, count, each in report.figures]
        if report
        else [],
        "tab": "me",
    }
    return render(request, "collaborations/collaboration.html", context | more, status=status)


def _pictures(found: Collaboration) -> list[dict[str, Any]]:
    """The draft's pictures by the address under which both sides may see them."""
    if found.note is None:
        return []
    ready = found.note.images.filter(state=NoteImage.State.READY)
    return [
        {"token": image.token, "file": _smallest(image), "alt": image.alt}
        for image in ready
        if image.renditions
    ]


def _smallest(image: NoteImage) -> str:
    """Of about 600 pixels, in a format that every browser shows."""
    usual = [r for r in image.renditions if r["format"] == "jpeg"] or image.renditions
    return str(min(usual, key=lambda r: abs(r["width"] - 600))["filename"])


@require_safe
@people_only
@shows_refusals
def draft_picture(
    request: PersonRequest, collaboration_id: int, token: str, file: str
) -> HttpResponse:
    """A picture of a draft, for its author and the brand's team only."""
    found, _side = services.for_person(request.user, collaboration_id)
    image = NoteImage.objects.filter(
        note=found.note_id, token=token, state=NoteImage.State.READY, note__deleted_at=None
    ).first()
    known = next((r for r in image.renditions if r["filename"] == file), None) if image else None
    if known is None:
        raise Http404
    path = renditions_path(token) / known["filename"]
    return send_file(request, path, f"image/{known['format']}", CONFIDENTIAL)


# ---------------------------------------------------------------- acts
@require_POST
@people_only
@shows_refusals
@pressed_once
def act(request: PersonRequest, collaboration_id: int, act_name: str) -> HttpResponse:
    """Do one thing to a collaboration; a refusal is said on its page."""
    do = ACTS.get(act_name)
    if do is None:
        raise Http404
    try:
        return see_other(request, do(request, collaboration_id))
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
        return _page(request, collaboration_id, status=refusal.status)


def _counter(request: PersonRequest, pk: int) -> Collaboration:
    form = CounterForm(request.POST)
    if not form.is_valid():
        raise _first_fault(form)
    return services.counter(by=request.user, pk=pk, now=timezone.now(), **form.cleaned_data)


def _first_fault(form: Any) -> DomainError:
    return Invalid(next(iter(next(iter(form.errors.values())))))


def _accept(request: PersonRequest, pk: int) -> Collaboration:
    return services.accept(
        by=request.user, pk=pk, seen_price=posted_number(request, "price"), now=timezone.now()
    )


def _hand_in(request: PersonRequest, pk: int) -> Collaboration:
    note = posted_number(request, "note")
    return services.hand_in(by=request.user, pk=pk, note_id=note, now=timezone.now())


def _approve(request: PersonRequest, pk: int) -> Collaboration:
    return services.approve(
        by=request.user, pk=pk, seen_revision=posted_number(request, "revision"), now=timezone.now()
    )


def _publish(request: PersonRequest, pk: int) -> Collaboration:
    return services.publish(by=request.user, pk=pk, now=timezone.now())


def _with_words(do: Callable[..., Collaboration]) -> Callable[[PersonRequest, int], Collaboration]:
    def act(request: PersonRequest, pk: int) -> Collaboration:
        words = request.POST.get("words", "")
        return do(by=request.user, pk=pk, words=words, now=timezone.now())

    return act


ACTS: dict[str, Callable[[PersonRequest, int], Collaboration]] = {
    "counter": _counter,
    "accept": _accept,
    "decline": _with_words(services.decline),
    "withdraw": _with_words(services.withdraw),
    "hand-in": _hand_in,
    "ask-changes": _with_words(services.ask_changes),
    "approve": _approve,
    "publish": _publish,
    "cancel": _with_words(services.cancel),
}
