"""The three doors of OAuth: ask the person, hand out tokens, take one back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.http import OAuth2ResponseRedirect
from oauth2_provider.models import Application
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView

from accounts.limits import address_of, take
from accounts.rates import Rate
from accounts.scopes import Scope, parse_scopes

from . import redirects

# SHA-256 in base64 for addresses, without its filling (RFC 7636, 4.2).
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# No parameter of ours is longer; `state` is the program's and may be.
LONGEST, LONGEST_STATE = 500, 2_000
GRANTS = {"authorization_code", "refresh_token"}
ASKS_AGAIN = ("approval_prompt", "prompt", "nonce", "claims", "resource", "request")


@method_decorator(never_cache, name="dispatch")
class AskPerson(AuthorizationView):
    """The page on which a person lets a program act for them, or does not.

    Always asked, always with S256, and never sent anywhere but to an address that the program had
    named: what is wrong with a request is told here, to the person.
    """

    template_name = "programs/ask.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.GET = request.GET.copy()  # type: ignore[assignment]
        for name in ASKS_AGAIN:
            request.GET.pop(name, None)  # type: ignore[misc]
        asked = request.POST if request.method == "POST" else request.GET
        if trouble := trouble_with(asked):
            return self._refuse(trouble)
        try:
            return super().dispatch(request, *args, **kwargs)
        except ValueError:  # what oauthlib cannot decode
            return self._refuse(_("The program asked in a way that is not understood."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        address = self.oauth2_data.get("redirect_uri") or ""
        return context | {
            "program": self.oauth2_data.get("application"),
            "asks_for": [Scope(name) for name in parse_scopes(" ".join(self._scopes()))],
            "leads_to": redirects.shown(address),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if "error" in context:
            error = context["error"]
            return self._refuse(str(error.description or error.error))
        answer = super().render_to_response(context, **kwargs)
        # Browsers hold the redirect that follows a form to the policy of the form's page.
        origin = redirects.origin_of(self.oauth2_data["redirect_uri"])
        answer._csp_update = {"form-action": [origin]}
        return answer

    def redirect(self, redirect_to: str, application: Application | None) -> HttpResponse:
        """To an address that was checked letter by letter: its scheme is the program's own. Who
        says no is named too (RFC 9207): the toolkit names us only with a code."""
        if "iss" not in parse_qs(urlsplit(redirect_to).query):
            issuer = urlencode({"iss": f"{self.request.scheme}://{self.request.get_host()}"})
            redirect_to += f"{'&' if '?' in redirect_to else '?'}{issuer}"
        return OAuth2ResponseRedirect(redirect_to, [redirect_to.partition(":")[0]])

    def form_invalid(self, form: Any) -> HttpResponse:
        return self._refuse(_("The program asked in a way that is not understood."))

    def _scopes(self) -> list[str]:
        return list(self.oauth2_data.get("scopes") or [])

    def _refuse(self, reason: str) -> HttpResponse:
        return render(self.request, "programs/refused.html", {"reason": reason}, status=400)


def trouble_with(asked: Any) -> str:
    """What is wrong with an authorisation request before the toolkit sees it; empty for nothing."""
    for name, value in asked.items():
        most = LONGEST_STATE if name == "state" else LONGEST
        if len(value) > most or "\x00" in value:
            return _("The program asked in a way that is not understood.")
    if any(len(asked.getlist(name)) > 1 for name in asked):
        return _("The program asked in a way that is not understood.")
    program = Application.objects.filter(client_id=asked.get("client_id", "")).first()
    if program is None or (program.user and not program.user.is_active):
        return _("There is no such program, or it was taken away.")
    if not redirects.allows(program.redirect_uris.split(), asked.get("redirect_uri", "")):
        return _("The program asked to send you to an address that it did not register.")
    good = asked.get("code_challenge_method") == "S256"
    if not good or not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        return _("The program has to send a code challenge of the method S256.")
    return ""


class _ForPrograms:
    """Answers programs in JSON, so often and no more. They have no cookie, so nothing to forge."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rate = Rate.parse(settings.API_RATE)
        allowance = take(scope="oauth", who=address_of(request), rate=rate)
        if not allowance.allowed:
            answer = refusal("slow_down", status=429)
            answer.headers["Retry-After"] = str(allowance.retry_in)
            return answer
        try:
            if any(len(value) > LONGEST or "\x00" in value for value in request.POST.values()):
                return refusal("invalid_request")
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except (ValueError, UnicodeError):
            return refusal("invalid_request")


@method_decorator(csrf_exempt, name="dispatch")
class HandOutTokens(_ForPrograms, TokenView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("grant_type") not in GRANTS:
            return refusal("unsupported_grant_type")
        return super().post(request, *args, **kwargs)


@method_decorator(csrf_exempt, name="dispatch")
class TakeTokenBack(_ForPrograms, RevokeTokenView):
    pass


def refusal(error: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": error}, status=status, headers={"Cache-Control": "no-store"})
