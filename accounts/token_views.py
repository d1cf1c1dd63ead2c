"""Tokens with which programs act for a person through the API."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

from .asking import PersonRequest, people_only, see_other, shows_refusals
from .errors import Invalid
from .scopes import USUAL, offered_to
from .tokens import TooManyTokens, create_token, live_tokens

NAME_LENGTH = 40


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def tokens(request: PersonRequest) -> HttpResponse:
    """The list; a POST makes a token and shows it, this once: only its hash is kept."""
    made, refusal = None, None
    name, chosen = request.POST.get("name", "")[:NAME_LENGTH], request.POST.getlist("scopes")
    if request.method == "POST":
        try:
            made = create_token(
                person=request.user, name=name, scopes=chosen[:20], now=timezone.now()
            )
        except (Invalid, TooManyTokens) as error:
            refusal = error
    context = {
        "tokens": [_shown(token) for token in live_tokens(request.user)],
        "made": made.secret if made else None,
        "refusal": refusal,
        "offered": offered_to(request.user),
        "chosen": chosen if refusal else USUAL.split(),
        "name": name if refusal else "",
        "here": "tokens",
    }
    status = refusal.status if refusal else 200
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
@people_only
def revoke_token(request: PersonRequest, token_key: str) -> HttpResponse:
    if AuthToken.objects.filter(user=request.user, token_key=token_key).delete()[0]:
        messages.success(request, _("The token no longer opens anything."))
    return see_other(request, "tokens")


def _shown(token: AuthToken) -> dict[str, Any]:
    named = getattr(token, "named", None)
    return {
        "row": token,
        "name": named.name if named else "",
        "scopes": named.scopes if named else USUAL,
        "last_used_at": named.last_used_at if named else None,
    }
