"""One message: what one may do with it, and its pictures."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from accounts.errors import NotAllowed
from community.errors import is_partial, shows_refusals
from community.forms import ReportForm
from community.services.kept_pictures import file_of
from community.views.media import CONFIDENTIAL, send_file

from . import keeping, lines
from .access import message_for
from .reporting import report_message


@require_safe
@people_only
@shows_refusals
def message_menu(request: PersonRequest, message_id: int) -> HttpResponse:
    """What one may do with a message: a sheet, or a page of its own."""
    message = message_for(request.user, message_id)
    is_mine = message.sender_id == request.user.pk
    open_still = timezone.now() - message.created_at <= keeping.TAKE_BACK_WITHIN
    context = {
        "message": message,
        "is_mine": is_mine,
        "may_take_back": is_mine and open_still and not (message.event or message.taken_back_at),
        "part": "messaging/_menu.html",
        "tab": "messages",
    }
    part = "messaging/_menu.html" if is_partial(request) else "messaging/menu.html"
    return render(request, part, context)


@require_POST
@people_only
@shows_refusals
def hide(request: PersonRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    keeping.hide_message(person=request.user, message_id=message_id)
    return see_other(request, message.conversation)


@require_POST
@people_only
@shows_refusals
def take_back(request: PersonRequest, message_id: int) -> HttpResponse:
    message = keeping.take_back(sender=request.user, message_id=message_id)
    return see_other(request, message.conversation)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def report(request: PersonRequest, message_id: int) -> HttpResponse:
    """Tell staff of a message: a sheet, or a page of its own."""
    message = message_for(request.user, message_id)
    if message.sender_id == request.user.pk or message.event:
        raise NotAllowed
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report_message(reporter=request.user, message_id=message_id, **form.cleaned_data)
        messages.success(request, _("Thank you. Staff will look at it and you will not be named."))
        return see_other(request, message.conversation)
    context = {"form": form, "message": message, "part": "messaging/_report.html"}
    part = "messaging/_report.html" if is_partial(request) else "messaging/menu.html"
    status = 400 if form.errors and not is_partial(request) else 200
    return render(request, part, context, status=status)


@require_safe
def message_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """To whoever reads the message now, and to no cache."""
    viewer = viewer_of(request)
    picture = lines.picture_for(viewer, token) if viewer is not None else None
    found = file_of(picture, file)
    if found is None:
        raise Http404
    path, kind = found
    return send_file(request, path, kind, CONFIDENTIAL)
