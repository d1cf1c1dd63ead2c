"""Beginning a conversation, sending a note into some, and who may begin one with me."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, go_back, people_only, see_other
from accounts.errors import DomainError, Invalid, NotFound
from accounts.models import User
from accounts.services import edit_profile, person_for
from community.errors import shows_refusals
from community.pressed_once import pressed_once

from . import groups, keeping, services
from .access import pair_key_of, why_not_begin
from .forms import ChoicesForm, NewMessageForm
from .models import Conversation
from .views import SAID_WHY, row_id


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def new_message(request: PersonRequest) -> HttpResponse:
    """To one person, or to several: then it makes a group. `?to=` names them; where there is a
    conversation with that one already, it leads there."""
    if request.method != "POST":
        to = request.GET.get("to", "")[:60]
        if to and (known := _known_with(request.user, to)) is not None:
            return see_other(request, known)
        context = _new(NewMessageForm(initial={"to": to})) | {
            "silence": _why_not_to(request.user, to)
        }
        return render(request, "messaging/new.html", context)
    form = NewMessageForm(request.POST)
    if form.is_valid():
        try:
            return see_other(request, _begun(request.user, form))
        except (*SAID_WHY, NotFound) as refusal:
            field = {"username": "to"}.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else "to", _why_not(refusal))
    return render(request, "messaging/new.html", _new(form), status=400)


def _new(form: NewMessageForm) -> dict[str, Any]:
    return {"form": form, "tab": "messages"}


def _why_not(refusal: DomainError) -> str:
    if isinstance(refusal, NotFound) and not refusal.field:
        return _("There is nobody of this name.")
    return str(refusal)


def _known_with(person: User, username: str) -> Conversation | None:
    """The conversation with this person that one takes part in; raises nothing."""
    try:
        other = person_for(person, username)
    except NotFound:
        return None
    rows = Conversation.objects.open_to(person)
    return rows.filter(pair_key=pair_key_of(person.pk, other.pk)).first()


def _why_not_to(person: User, username: str) -> str:
    try:
        return why_not_begin(person, person_for(person, username)) if username else ""
    except NotFound:
        return _("There is nobody of this name.")


def _begun(sender: User, form: NewMessageForm) -> Conversation:
    names = form.names
    if not names:
        raise Invalid(_("Say whom you write to."), field="to")
    if len(names) == 1 and not form.cleaned_data["title"]:
        message = services.write_to(sender=sender, username=names[0], said=form.said())
        return message.conversation
    return groups.make_group(
        maker=sender, title=form.cleaned_data["title"], usernames=names, said=form.said()
    )


@require_POST
@people_only
@shows_refusals
@pressed_once
def send_note(request: PersonRequest, note_id: int) -> HttpResponse:
    """A note's card into the conversations that were ticked."""
    chosen = [pk for raw in request.POST.getlist("conversation") if (pk := row_id(raw))]
    count = services.forward_into(
        sender=request.user,
        note_id=note_id,
        conversation_ids=chosen,
        words=request.POST.get("words", ""),
        now=timezone.now(),
    )
    messages.success(request, _("Sent into %(count)d conversations.") % {"count": count})
    if count == 1:
        return see_other(request, f"{reverse('conversation', args=[chosen[0]])}#newest")
    return go_back(request, reverse("share-note", args=[note_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def choices(request: PersonRequest) -> HttpResponse:
    """Who may write to me, and whether I show what I have read."""
    person = request.user
    form = ChoicesForm(
        request.POST or None,
        initial={
            "may_message": person.profile.may_message,
            "shows_read": keeping.shows_read(person.pk),
        },
    )
    if request.method == "POST" and form.is_valid():
        edit_profile(person=person, may_message=form.cleaned_data["may_message"])
        keeping.choose_read_marks(person=person, shows=form.cleaned_data["shows_read"])
        messages.success(request, _("Saved."))
        return see_other(request, "messaging-choices")
    context = {"form": form, "here": "messages", "tab": "me"}
    return render(request, "messaging/choices.html", context, status=400 if form.errors else 200)
