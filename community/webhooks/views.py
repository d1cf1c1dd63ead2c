"""Where a person keeps the addresses that are told what happens to what is theirs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import accounts.asking  # noqa: F401 (registers the converters)
from accounts.asking import PersonRequest, people_only, see_other, shows_refusals
from accounts.errors import DomainError
from community.pressed_once import pressed_once

from . import announcing, services
from .kinds import KINDS, PING
from .models import Endpoint
from .signing import secret_of

LOGGED_AT_MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def webhooks(request: PersonRequest) -> HttpResponse:
    """The list, and a form for another address."""
    typed: dict[str, Any] = {"url": "", "kinds": []}
    refusal: DomainError | None = None
    if request.method == "POST":
        typed = {
            "url": request.POST.get("url", "").strip(),
            "kinds": request.POST.getlist("kinds"),
        }
        try:
            endpoint = services.add_endpoint(person=request.user, now=timezone.now(), **typed)
            return see_other(request, "webhook", endpoint.pk)
        except DomainError as error:
            refusal = error
    context = {
        "here": "webhooks",
        "endpoints": services.endpoints_of(request.user),
        "kinds": _offered(),
        "typed": typed,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "community/webhooks.html", context, status=status)


@require_safe
@people_only
@shows_refusals
def webhook(request: PersonRequest, pk: int) -> HttpResponse:
    """One address: its secret, what it listens to, and what was sent."""
    endpoint = services.own_endpoint(request.user, pk)
    context = {
        "here": "webhooks",
        "endpoint": endpoint,
        "secret": secret_of(endpoint),
        "kinds": _offered(),
        "deliveries": endpoint.deliveries.all()[:LOGGED_AT_MOST],
    }
    return render(request, "community/webhook.html", context)


@require_POST
@people_only
@shows_refusals
def change_webhook(request: PersonRequest, pk: int) -> HttpResponse:
    services.change_endpoint(person=request.user, pk=pk, kinds=request.POST.getlist("kinds"))
    messages.success(request, _("Saved."))
    return see_other(request, "webhook", pk)


@require_POST
@people_only
@shows_refusals
def switch_webhook(request: PersonRequest, pk: int) -> HttpResponse:
    services.change_endpoint(person=request.user, pk=pk, active=request.POST.get("active") == "1")
    return see_other(request, "webhook", pk)


@require_POST
@people_only
@shows_refusals
def renew_webhook(request: PersonRequest, pk: int) -> HttpResponse:
    services.renew_secret(person=request.user, pk=pk)
    messages.success(request, _("Give the new secret to the program: the old one is void."))
    return see_other(request, "webhook", pk)


@require_POST
@people_only
@shows_refusals
@pressed_once
def ping_webhook(request: PersonRequest, pk: int) -> HttpResponse:
    endpoint: Endpoint = services.own_endpoint(request.user, pk)
    announcing.ping(endpoint, now=timezone.now())
    messages.success(request, _("A test is on its way. Look again in a moment."))
    return see_other(request, "webhook", pk)


@require_POST
@people_only
@shows_refusals
@pressed_once
def resend_webhook(request: PersonRequest, pk: int, delivery_id: int) -> HttpResponse:
    endpoint = services.own_endpoint(request.user, pk)
    announcing.resend(endpoint, delivery_id=delivery_id, now=timezone.now())
    return see_other(request, "webhook", pk)


@require_POST
@people_only
@shows_refusals
def remove_webhook(request: PersonRequest, pk: int) -> HttpResponse:
    services.remove_endpoint(person=request.user, pk=pk)
    messages.success(request, _("This address is told nothing any more."))
    return see_other(request, "webhooks")


def _offered() -> list[tuple[str, Any]]:
    return [(kind, told) for kind, told in KINDS.items() if kind != PING]


urlpatterns = [
    path("", webhooks, name="webhooks"),
    path("<row:pk>/", webhook, name="webhook"),
    path("<row:pk>/change/", change_webhook, name="change-webhook"),
    path("<row:pk>/switch/", switch_webhook, name="switch-webhook"),
    path("<row:pk>/secret/", renew_webhook, name="renew-webhook"),
    path("<row:pk>/ping/", ping_webhook, name="ping-webhook"),
    path("<row:pk>/deliveries/<row:delivery_id>/", resend_webhook, name="resend-webhook"),
    path("<row:pk>/remove/", remove_webhook, name="remove-webhook"),
]
