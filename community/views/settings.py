"""A person's settings. They stand in this room because a city is found by the places in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Avg
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.services import change_avatar, edit_profile
from community.errors import shows_refusals
from community.media.errors import PictureFailed, PictureRefused
from community.media.intake import inspect_upload
from community.models import Place


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def my_settings(request: PersonRequest) -> HttpResponse:
    profile = request.user.profile
    if request.method != "POST":
        return _page(request, ProfileForm.of(profile))
    form = ProfileForm(request.POST, request.FILES)
    if not (form.is_valid() and _save(request.user, form)):
        return _page(request, form, status=400)
    answer = see_other(request, "settings")
    if language := form.cleaned_data["language"]:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax"
        )
    messages.success(request, _saved_words(form))
    return answer


def _page(request: PersonRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "community/settings.html",
        {"form": form, "here": "profile", "tab": "me"},
        status=status,
    )


def _save(person: User, form: ProfileForm) -> bool:
    """Words and avatar; False with the reason in the form."""
    fields: dict[str, Any] = {k: v for k, v in form.cleaned_data.items() if k != "avatar"}
    form.city_position = city_position(fields["city"])
    latitude, longitude = form.city_position or (None, None)
    try:
        if avatar := form.cleaned_data.get("avatar"):
            inspect_upload(avatar, name=avatar.name)
            change_avatar(person=person, upload=avatar)
        edit_profile(person=person, latitude=latitude, longitude=longitude, **fields)
    except PictureRefused as refused:
        form.add_error("avatar", refused.message)
    except PictureFailed:
        form.add_error(
            "avatar", _("We could not prepare this picture just now. Try again in a moment.")
        )
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return not form.errors


def city_position(city: str) -> tuple[float, float] | None:
    """The middle of the known places of a city; None when no note was ever written there."""
    if not city:
        return None
    middle = Place.objects.filter(city__iexact=city).aggregate(
        lat=Avg("latitude"), lon=Avg("longitude")
    )
    return None if middle["lat"] is None else (middle["lat"], middle["lon"])


def _saved_words(form: ProfileForm) -> str:
    if form.cleaned_data["city"] and form.city_position is None:
        return _(
            "Saved. No note is about a place in this city yet, so Nearby cannot start from it."
        )
    return _("Saved.")
