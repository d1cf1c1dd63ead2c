"""How often a program may ask: settings.API_RATE, and settings.UPLOAD_RATE for uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.limits import Allowance, address_of, take
from accounts.rates import Rate

if (
    TYPE_CHECKING
):  # views name this class in their settings: importing them here would go in a circle
    from rest_framework.views import APIView


class PerPersonThrottle(BaseThrottle):
    """Counts by person where there is one, else by address."""

    retry_in = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        allowance = self._take(request, "api", settings.API_RATE)
        extra = getattr(view, "extra_rate", "")
        if allowance.allowed and extra:
            allowance = self._take(request, extra, settings.UPLOAD_RATE)
        # The view shows it in its headers.
        request.allowance = allowance  # type: ignore[attr-defined]
        self.retry_in = allowance.retry_in
        return allowance.allowed

    def wait(self) -> float:
        return self.retry_in

    def _take(self, request: Request, scope: str, rate: str) -> Allowance:
        person = request.user
        who = f"person {person.pk}" if person.is_authenticated else address_of(request._request)
        return take(scope=scope, who=who, rate=Rate.parse(rate))
