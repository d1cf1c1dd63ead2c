"""Ties between people, and the language of the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import services
from .asking import PersonRequest, Request, go_back, people_only, see_other, shows_refusals
from .errors import NotFound
from .models import User

# Somebody who blocks hundreds still gets their list in one page.
LISTED_AT_MOST = 500


@require_POST
@people_only
@shows_refusals
def follow(request: PersonRequest, username: str) -> HttpResponse:
    person = services.person_for(request.user, username)
    services.follow_user(follower=request.user, followed=person)
    return _answer_with_button(request, person, follows=True)


@require_POST
@people_only
@shows_refusals
def unfollow(request: PersonRequest, username: str) -> HttpResponse:
    person = services.person_for(request.user, username)
    services.unfollow_user(follower=request.user, followed=person)
    return _answer_with_button(request, person, follows=False)


@require_POST
@people_only
@shows_refusals
def block(request: PersonRequest, username: str) -> HttpResponse:
    """Afterwards their page is gone for the blocker, so the list with the way back is shown."""
    person = services.person_for(request.user, username)
    services.block_user(blocker=request.user, blocked=person)
    messages.success(request, _("You no longer see each other. You can undo this here."))
    return see_other(request, "people-kept-away")


@require_POST
@people_only
@shows_refusals
def unblock(request: PersonRequest, username: str) -> HttpResponse:
    services.unblock_user(blocker=request.user, blocked=_somebody(username))
    return go_back(request, reverse("people-kept-away"))


@require_POST
@people_only
@shows_refusals
def mute(request: PersonRequest, username: str) -> HttpResponse:
    person = services.person_for(request.user, username)
    services.mute_user(muter=request.user, muted=person)
    messages.success(request, _("You no longer meet their notes in lists. They are not told."))
    return go_back(request, person.get_absolute_url())


@require_POST
@people_only
@shows_refusals
def unmute(request: PersonRequest, username: str) -> HttpResponse:
    person = _somebody(username)
    services.unmute_user(muter=request.user, muted=person)
    return go_back(request, reverse("people-kept-away"))


@require_safe
@people_only
def people_kept_away(request: PersonRequest) -> HttpResponse:
    """Whom this person blocks and mutes, each with the way back."""
    people = User.objects.select_related("profile").order_by("username")
    context = {
        "blocked": people.filter(blocked_by__blocker=request.user)[:LISTED_AT_MOST],
        "muted": people.filter(muted_by__muter=request.user)[:LISTED_AT_MOST],
        "here": "people",
    }
    return render(request, "accounts/people_kept_away.html", context)


@require_POST
def change_language(request: Request) -> HttpResponse:
    """Choose the language: in the profile of who is logged in, in a cookie for everybody."""
    language = request.POST.get("language", "")
    answer = go_back(request, "/")
    if language not in dict(settings.LANGUAGES):
        return answer
    if request.user.is_authenticated:
        services.edit_profile(person=request.user, language=language)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _somebody(username: str) -> User:
    """A person by name, also one whom a block hides: needed to take the block back."""
    person = User.objects.filter(username__iexact=username).first()
    if person is None:
        raise NotFound
    return person


def _answer_with_button(request: PersonRequest, person: User, **state: Any) -> HttpResponse:
    if not request.htmx:
        return go_back(request, person.get_absolute_url())
    return render(request, "accounts/_follow_button.html", {"person": person, **state})
