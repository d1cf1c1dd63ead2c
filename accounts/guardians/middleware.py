"""Outside of their hours a teen meets one page, and may still log out and look at the rules."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .models import Guardianship
from .rules import is_open_hour

ALWAYS = (
    "/account/logout/",
    "/settings/family/",
    "/static/",
    "/language/",
    "/livez",
    "/healthz",
    "/readyz",
)


class KeepHours:
    """Costs nothing to who is no teen: the profile came with the person. The time zone is the
    teen's already, by SpeakTheirLanguage."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.profile.teen:
            return self.get_response(request)
        hours = Guardianship.objects.filter(teen=request.user).first()
        now = timezone.localtime().time()
        if hours is None or is_open_hour(now, opens=hours.opens, closes=hours.closes):
            return self.get_response(request)
        answer = render(request, "guardians/closed.html", {"hours": hours}, status=403)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
