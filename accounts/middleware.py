"""The page speaks the person's language, tells their time, and is kept by nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from .zones import zone_named

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class SpeakTheirLanguage:
    """Language: the profile's choice, else the language cookie, else what the browser asks for.

    One middleware instead of LocaleMiddleware and a time zone one: it runs on the feed path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        profile = getattr(request.user, "profile", None) if request.user.is_authenticated else None
        language = profile.language if profile else ""
        if language not in LANGUAGES:
            language = translation.get_language_from_request(request)
        zone = zone_named(profile.time_zone) if profile and profile.time_zone else None
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class KeepPrivate:
    """A page for somebody who is logged in bears their name, also where it refuses: no cache
    between keeps it, unless its view says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
