"""Refusals and failures as pages: what happened and what to do next, in the person's language.

Services raise `DomainError`s; `shows_refusals` turns what a view did not catch into a page with the
right status, or, for htmx and the page's own modules, into a toast that changes nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from community.api.problems import problem_response, speaks_api
from community.unavailable import RETRY_AFTER_SECONDS, status_of

View = Callable[..., HttpResponse]

FAILURES = {
    500: _("Something broke on our side. Try again in a moment."),
    503: _("The community cannot be reached just now. Try again in a moment."),
    507: _("There is no room left on our side just now. Nothing was kept. Try again later."),
}

TITLES: dict[int, str | Promise] = {
    400: _("That did not work"),
    403: _("This is not open to you"),
    404: _("Nothing in this pool"),
    409: _("Something changed meanwhile"),
    413: _("That is too large"),
    429: _("A little slower, please"),
}


def shows_refusals(view: View) -> View:
    """Decorate a page view: a DomainError it lets through becomes a page or a toast."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refused:
            return refusal(request, refused.text, status=refused.status)

    return shown


# By the driver; by PostgreSQL of text that came to it as JSON.
NUL_SAID = ("NUL (0x00)", "\\u0000")


class RefuseNul:
    """U+0000, which PostgreSQL keeps nowhere, is the mistake of who sent it and not ours. Forms and
    the API look for it; what a page reads by itself is found out by the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError) and any(said in str(error) for said in NUL_SAID):
            return refusal(request, _("A text contains the character U+0000."), status=400)
        return None


def refusal(request: HttpRequest, text: str | Promise, *, status: int) -> HttpResponse:
    """Say no: a toast where a module asked, a problem document to a program, else a page."""
    if speaks_api(request):
        return problem_response(status, detail=str(text))
    if is_partial(request):
        return toast(text, status=status)
    context = {"title": TITLES.get(status, TITLES[400]), "text": text, "status": status}
    return render(request, "errors/refused.html", context, status=status)


def toast(text: str | Promise, *, status: int = 200) -> HttpResponse:
    """A line at the foot of the page; htmx puts it there whatever the request's own target was."""
    response = HttpResponse(
        render_to_string("components/_toast.html", {"text": text}), status=status
    )
    response.headers["HX-Retarget"] = "#toasts"
    response.headers["HX-Reswap"] = "beforeend"
    return response


def is_partial(request: HttpRequest) -> bool:
    """Whether a module of the page asked, and not the person's browser for a whole page."""
    return request.headers.get("HX-Request") == "true"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The address or form was not what this page expects. Go back and try again.")
    return refusal(request, text, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("You may not do that. If you were logged out meanwhile, log in and try again.")
    return refusal(request, text, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The address is wrong, or what was here has been removed or is not shared with you.")
    return refusal(request, text, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "This page was open for too long, or cookies are off, so we could not make sure that it"
        " was you. Go back, reload the page, and try again: nothing was changed."
    )
    return refusal(request, text, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while the failure is handled. Drawn without context processors: whatever
    failed may be what they need."""
    status = status_of(sys.exc_info()[1]) or 500
    # Where not even the person could be read, their browser says what they speak.
    spoken = getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)
    with translation.override(spoken):
        response = _failure(request, status)
    if status != 500:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response.headers["Cache-Control"] = "no-store"
    return response


def _failure(request: HttpRequest, status: int) -> HttpResponse:
    if speaks_api(request):
        return problem_response(status)
    if is_partial(request):
        return toast(FAILURES[status], status=status)
    return HttpResponse(render_to_string(f"errors/{status}.html"), status=status)
