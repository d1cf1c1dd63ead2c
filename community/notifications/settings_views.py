"""Where a person chooses how they are told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, go_back, people_only, see_other, shows_refusals
from accounts.errors import DomainError

from . import preferences, subscribing, vapid
from .digest_mail import address_of
from .forms import PreferencesForm
from .topics import Way


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def notice_settings(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, PreferencesForm.of(preferences.preferences_of(request.user)))
    form = PreferencesForm(request.POST)
    if not (form.is_valid() and _saved(request, form)):
        return _page(request, form, status=400)
    messages.success(request, _("Saved."))
    return see_other(request, "notice-settings")


@require_POST
@people_only
@shows_refusals
def mute_thread(request: PersonRequest, note_id: int) -> HttpResponse:
    preferences.mute_thread(person=request.user, note_id=note_id, now=timezone.now())
    messages.success(request, _("You are told nothing more of the comments under this note."))
    return go_back(request, "/notifications/")


@require_POST
@people_only
@shows_refusals
def unmute_thread(request: PersonRequest, note_id: int) -> HttpResponse:
    if preferences.unmute_thread(person=request.user, note_id=note_id):
        messages.success(request, _("You are told of the comments under this note again."))
    return go_back(request, "/settings/notifications/")


def _saved(request: PersonRequest, form: PreferencesForm) -> bool:
    try:
        preferences.choose(person=request.user, **form.chosen())
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return not form.errors


def _page(request: PersonRequest, form: PreferencesForm, status: int = 200) -> HttpResponse:
    context = {
        "here": "notices",
        "tab": "me",
        "form": form,
        "ways": Way,
        "address": address_of(request.user),
        "push_key": vapid.public_key(),
        "browsers": subscribing.browsers_of(request.user),
        "muted": preferences.muted_threads(request.user)[:100],
    }
    return render(request, "notifications/settings.html", context, status=status)
