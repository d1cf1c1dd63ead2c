"""Tokens with which programs act for a person through the API."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken
from knox.settings import knox_settings

from .asking import PersonRequest, people_only, see_other, shows_refusals
from .errors import Invalid
from .models import User


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def tokens(request: PersonRequest) -> HttpResponse:
    """The list; a POST makes a token and shows it, this once: only its hash is kept."""
    made = refusal = None
    if request.method == "POST":
        try:
            made = _make_token(request.user)
        except Invalid as error:
            refusal = error
    context = {"tokens": _living_tokens(request.user), "made": made, "refusal": refusal}
    return render(
        request,
        "accounts/tokens.html",
        context | {"here": "tokens"},
        status=400 if refusal else 200,
    )


@require_POST
@people_only
def revoke_token(request: PersonRequest, token_key: str) -> HttpResponse:
    if AuthToken.objects.filter(user=request.user, token_key=token_key).delete()[0]:
        messages.success(request, _("The token no longer opens anything."))
    return see_other(request, "tokens")


def _make_token(person: User) -> str:
    limit = knox_settings.TOKEN_LIMIT_PER_USER
    if limit and _living_tokens(person).count() >= limit:
        raise Invalid(
            _("You have %(count)d tokens already. Revoke one that you no longer need.")
            % {"count": limit}
        )
    _row, plain = AuthToken.objects.create(user=person)
    return str(plain)


def _living_tokens(person: User) -> QuerySet[AuthToken]:
    return AuthToken.objects.filter(user=person, expiry__gt=timezone.now()).order_by("-created")
