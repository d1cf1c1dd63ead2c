"""Who is in a conversation; for groups also its title, bringing in, removing, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.errors import shows_refusals

from . import groups, reading
from .access import conversation_for, part_of
from .forms import AddForm, TitleForm
from .models import Conversation, Member


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def about(request: PersonRequest, conversation_id: int) -> HttpResponse:
    """The people of it, and what one may do with it; POST brings somebody into a group."""
    conversation = _with_part(request, conversation_id)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = groups.add_member(
                actor=request.user, conversation_id=conversation_id, **form.cleaned_data
            )
        except (Invalid, Conflict, NotFound) as refusal:
            form.add_error("username", str(refusal))
        else:
            asked = row.state == Member.State.REQUESTED
            messages.success(
                request,
                _("They are asked. They come in once they accept.") if asked else _("Brought in."),
            )
            return see_other(request, "about-conversation", conversation_id)
    return _page(request, conversation, add=form)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def rename(request: PersonRequest, conversation_id: int) -> HttpResponse:
    conversation = _with_part(request, conversation_id)
    form = TitleForm(request.POST or None, initial={"title": conversation.title})
    if request.method == "POST" and form.is_valid():
        groups.rename_group(
            actor=request.user, conversation_id=conversation_id, **form.cleaned_data
        )
        return see_other(request, "about-conversation", conversation_id)
    return _page(request, conversation, title_form=form)


@require_POST
@people_only
@shows_refusals
def remove(request: PersonRequest, conversation_id: int, username: str) -> HttpResponse:
    groups.remove_member(actor=request.user, conversation_id=conversation_id, username=username)
    return see_other(request, "about-conversation", conversation_id)


@require_POST
@people_only
@shows_refusals
def leave(request: PersonRequest, conversation_id: int) -> HttpResponse:
    groups.leave_group(person=request.user, conversation_id=conversation_id)
    messages.success(request, _("You left the group."))
    return see_other(request, "conversations")


def _with_part(request: PersonRequest, conversation_id: int) -> Conversation:
    """The conversation, for somebody who takes part in it and is not only asked to."""
    conversation = conversation_for(request.user, conversation_id)
    if part_of(request.user, conversation).state != Member.State.ACTIVE:
        raise NotAllowed(_("Accept the request first."))
    return conversation


def _page(
    request: PersonRequest,
    conversation: Conversation,
    *,
    add: AddForm | None = None,
    title_form: TitleForm | None = None,
) -> HttpResponse:
    members = reading.members_of([conversation.pk], request.user).get(conversation.pk, [])
    others = [member for member in members if member.person_id != request.user.pk]
    form = title_form if title_form is not None else add
    context = {
        "conversation": conversation,
        "title": reading.title_of(conversation, [member.person for member in others]),
        "members": members,
        "other": None if conversation.is_group or not others else others[0].person,
        "is_maker": conversation.maker_id == request.user.pk,
        "add": add if add is not None else AddForm(),
        "title_form": title_form
        if title_form is not None
        else TitleForm(initial={"title": conversation.title}),
        "tab": "messages",
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "messaging/about.html", context, status=status)
