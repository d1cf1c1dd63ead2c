"""The list of conversations and a thread, both kept current while they are open."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.limits import count_upload
from accounts.models import User
from community.current import current_part, etag_of
from community.errors import is_partial, shows_refusals

from . import keeping, lines, reading, services
from .access import conversation_for, part_of
from .forms import MessageForm
from .models import Conversation, Member
from .rules import MOST_BEFORE_ANSWER, MOST_PICTURES

ROWS_A_PAGE = 30
SHELVES = ("", "requests", "closed")
CONFIDENTIAL = "private, no-store"
# Refusals that are told beside the form that was sent, so that nothing typed is lost.
SAID_WHY = (Invalid, Conflict, NotAllowed)


@require_safe
@people_only
@shows_refusals
def conversations(request: PersonRequest) -> HttpResponse:
    """`?shelf=requests` what waits for an answer, `?shelf=closed` what a block has closed."""
    shelf = request.GET.get("shelf", "")
    shelf = shelf if shelf in SHELVES else ""
    listed = reading.listed_for(request.user, shelf)
    after = request.GET.get("after", "")
    found, following = reading.page_of_list(listed, after=after, most=ROWS_A_PAGE)
    context: dict[str, Any] = {
        "rows": reading.rows_of(found, request.user),
        "following": following,
        "shelf": shelf,
        "waiting": reading.requests_waiting(request.user),
        "tab": "messages",
        "is_first": not after,
    }
    html = render_to_string("messaging/_rows.html", context, request)
    if is_partial(request):
        return _private(current_part(request, html))
    context |= {"list": html, "etag": etag_of(html)}
    return _varied(render(request, "messaging/list.html", context))


@require_safe
def unread_dot(request: HttpRequest) -> HttpResponse:
    """The dot beside the envelope, asked for after the page."""
    viewer = viewer_of(request)
    unread = viewer is not None and reading.has_unread(viewer)
    return _private(render(request, "messaging/_unread_dot.html", {"unread": unread}))


# ---------------------------------------------------------------- a thread
@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def thread(request: PersonRequest, conversation_id: int) -> HttpResponse:
    """The thread; what is newest in it, from a line on (`?from=`), where a module asks; older ones
    (`?before=`); and to say something."""
    conversation = conversation_for(request.user, conversation_id)
    if request.method == "POST":
        return _say(request, conversation)
    before = row_id(request.GET.get("before", ""))
    if before is not None:
        return _older(request, conversation, before)
    if is_partial(request):
        return _newest(request, conversation)
    return _thread_page(request, conversation, MessageForm())


def _say(request: PersonRequest, conversation: Conversation) -> HttpResponse:
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            uploads = _uploads(request)
            services.send_message(
                sender=request.user, conversation_id=conversation.pk, said=form.said(uploads)
            )
        except SAID_WHY as refusal:
            if is_partial(request):
                raise
            form.add_error("body", str(refusal))
        else:
            if is_partial(request):
                return _newest(request, conversation)
            return see_other(request, f"{conversation.get_absolute_url()}#newest")
    if is_partial(request):
        raise Invalid(str(next(iter(form.errors.values()))[0]))
    return _thread_page(request, conversation, form, status=400)


def _uploads(request: PersonRequest) -> list[tuple[BinaryIO, str]]:
    """Each picture counts as an upload. Raises Invalid, TooOften."""
    files = request.FILES.getlist("picture")
    if len(files) > MOST_PICTURES:
        told = _("A message has at most %(count)d pictures.") % {"count": MOST_PICTURES}
        raise Invalid(told, field="picture", code="too_many")
    for _file in files:
        count_upload(request.user.pk)
    return [(file, file.name or "") for file in files]  # type: ignore[misc]


def _thread_page(
    request: PersonRequest, conversation: Conversation, form: MessageForm, status: int = 200
) -> HttpResponse:
    context = _thread_context(request.user, conversation)
    html, first, older = _drawn(request, conversation, context)
    context |= {
        "form": form,
        "list": html,
        "etag": etag_of(html),
        "first": first,
        "older": older,
        "most_pictures": MOST_PICTURES,
    }
    return _varied(render(request, "messaging/thread.html", context, status=status))


def _thread_context(person: User, conversation: Conversation) -> dict[str, Any]:
    mine = part_of(person, conversation)
    members = reading.members_of([conversation.pk], person).get(conversation.pk, [])
    others = [member for member in members if member.person_id != person.pk]
    waits = not conversation.is_group and any(m.state != Member.State.ACTIVE for m in others)
    return {
        "conversation": conversation,
        "title": reading.title_of(conversation, [member.person for member in others]),
        "others": others,
        "other": None if conversation.is_group or not others else others[0].person,
        "asked": mine.state == Member.State.REQUESTED,
        "added_by": mine.added_by,
        "closed": conversation.closed,  # type: ignore[attr-defined]
        "waits": waits,
        "most_before_answer": MOST_BEFORE_ANSWER,
        "tab": "messages",
    }


def _drawn(
    request: PersonRequest,
    conversation: Conversation,
    context: dict[str, Any],
    start: int | None = None,
) -> tuple[str, int, int | None]:
    """The lines as HTML, the first one's id, and before which there are older ones. Who sees them
    has read them."""
    shown, older = lines.page_of_lines(request.user, conversation, start=start)
    lines.set_read_marks(shown, request.user, conversation)
    cut = older if start is not None else None
    html = render_to_string("messaging/_lines.html", context | {"lines": shown, "cut": cut})
    if shown and request.method == "GET" and not context["asked"]:
        keeping.mark_read(
            person=request.user, conversation_id=conversation.pk, up_to=shown[-1].message.pk
        )
    return html, shown[0].message.pk if shown else 0, older


def _newest(request: PersonRequest, conversation: Conversation) -> HttpResponse:
    """Only the lines, for a page that is open already."""
    sent = request.POST if request.method == "POST" else request.GET
    context = _thread_context(request.user, conversation)
    start = row_id(sent.get("from", ""))
    html, _first, _older = _drawn(request, conversation, context, start=start)
    return _private(current_part(request, html))


def _older(request: PersonRequest, conversation: Conversation, before: int) -> HttpResponse:
    shown, older = lines.page_of_lines(request.user, conversation, before=before)
    context = _thread_context(request.user, conversation) | {"lines": shown, "older": older}
    part = "messaging/_older.html" if is_partial(request) else "messaging/older.html"
    return _varied(render(request, part, context))


# ---------------------------------------------------------------- answering, forgetting
@require_POST
@people_only
@shows_refusals
def answer(request: PersonRequest, conversation_id: int) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    services.answer_request(person=request.user, conversation_id=conversation_id, accept=accept)
    if accept:
        return see_other(request, "conversation", conversation_id)
    messages.success(request, _("Declined. They are not told."))
    return see_other(request, "conversations")


@require_POST
@people_only
@shows_refusals
def clear(request: PersonRequest, conversation_id: int) -> HttpResponse:
    keeping.clear_conversation(person=request.user, conversation_id=conversation_id)
    messages.success(request, _("Deleted for you. Others keep what was said."))
    return see_other(request, "conversations")


# ---------------------------------------------------------------- answers
def row_id(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= 18 else None


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = CONFIDENTIAL
    return response


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response
