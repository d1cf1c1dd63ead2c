"""Networks that are kept out, asked on every request and read every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.limits import address_of

from .models import NetworkBlock
from .rules import covers

READ_EVERY = 10.0
_KNOWN: dict[str, tuple[float, list[tuple[str, str]]]] = {}


def is_blocked(address: str, *, joining: bool = False) -> bool:
    """Whether nothing is answered to this address; with `joining`, whether nobody joins there."""
    return any(
        covers(network, address)
        for network, scope in _standing()
        if joining or scope == NetworkBlock.Scope.ALL
    )


def forget() -> None:
    _KNOWN.clear()


def _standing() -> list[tuple[str, str]]:
    """(network, scope) of every block that holds now; other processes learn of a new one within
    READ_EVERY seconds."""
    now = time.monotonic()
    read_at, rows = _KNOWN.get("blocks", (0.0, []))
    if "blocks" not in _KNOWN or now - read_at > READ_EVERY:
        holding = NetworkBlock.objects.filter(until__gt=timezone.now())
        rows = list(holding.values_list("network", "scope"))
        _KNOWN["blocks"] = (now, rows)
    return rows


class KeepNetworksOut:
    """Nothing but this sentence for networks that staff blocked."""

    # Whoever watches over the machine is never kept out.
    ALWAYS = ("/livez", "/healthz", "/readyz")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in self.ALWAYS and is_blocked(address_of(request)):
            with translation.override(translation.get_language_from_request(request)):
                text = _("From your network nothing is answered at the moment.")
            return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def refuse_joining(request: HttpRequest) -> HttpResponse | None:
    """The page for somebody who would join from a network from which nobody may."""
    if not is_blocked(address_of(request), joining=True):
        return None
    show: Callable[..., HttpResponse] = import_string(settings.REFUSAL_PAGE)
    text = _("From your network nobody can join at the moment. Try another one, or later.")
    return show(request, text, status=403)
