"""What every page reads from a request, and the two ways in which it answers a write.

A form sent by a plain browser is answered with 303 to a page; one sent by htmx with the small part
of the page that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.urls import register_converter
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from .errors import DomainError
from .models import User

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """What the middleware makes of a request; a type for checking, never instantiated here."""

    htmx: HtmxDetails


class PersonRequest(Request):
    """The same behind `people_only`: somebody is logged in."""

    user: User


class RowId:
    """An id in an address. Longer numbers fit no row, so the address leads nowhere: 404."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Username:
    """A name in an address: what no name holds (slashes, blanks, controls) leads nowhere."""

    regex = r"[^/\s\x00-\x1f\x7f]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(RowId, "row")
register_converter(Username, "username")


class SeeOther(HttpResponseRedirectBase):
    """303: the write is done, look there with GET."""

    status_code = 303


# Digits of a number that every database holds.
LONGEST_NUMBER = 18


def viewer_of(request: HttpRequest) -> User | None:
    """Who looks; None for a visitor who is not logged in."""
    return request.user if request.user.is_authenticated else None


def people_only(view: View) -> View:
    """Visitors are asked to log in and come back; the answer is for this person's eyes only."""

    @wraps(view)
    def wrapper(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_log_in(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapper


def shows_refusals(view: View) -> View:
    """What a service refuses is shown by the front hall, with the refusal's own status."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refused:
            show = import_string(settings.REFUSAL_PAGE)
            return show(request, refused.text, status=refused.status)

    return wrapper


def _ask_to_log_in(request: Request) -> HttpResponse:
    here = (
        request.get_full_path() if request.method in ("GET", "HEAD") else where_from(request, "/")
    )
    answer = redirect_to_login(here, resolve_url(settings.LOGIN_URL))
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def see_other(request: Request, to: Any, *args: Any) -> HttpResponse:
    """Go to an address or to what `resolve_url` makes one of."""
    return _see(request, resolve_url(to, *args))


def _see(request: Request, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return SeeOther(address)


def go_back(request: Request, default: str) -> HttpResponse:
    """Back to the page on which the form stood."""
    return _see(request, where_from(request, default))


def where_from(request: HttpRequest, default: str) -> str:
    """The page to return to: `next`, else the page that sent the form, never another site's."""
    for candidate in (
        request.POST.get("next") or request.GET.get("next"),
        _referring_page(request),
    ):
        if candidate and _is_ours(request, candidate):
            return candidate
    return default


def _referring_page(request: HttpRequest) -> str:
    """Path and query of the Referer, if it is a page of this site."""
    referer = request.headers.get("Referer", "")
    if not _is_ours(request, referer):
        return ""
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_ours(request: HttpRequest, address: str) -> bool:
    is_address = address.startswith(("/", f"{request.scheme}://"))
    return is_address and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def whole_number(typed: str) -> int | None:
    """A number as forms and addresses of this site carry it: up to 18 plain digits, or None. More
    is no id, and Python takes digits of other scripts for numbers that no database has."""
    plain = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if plain else None


def posted_number(request: HttpRequest, name: str) -> int:
    """A whole number from the page's own form; -1, which is nothing's id, for anything else."""
    number = whole_number(request.POST.get(name, ""))
    return -1 if number is None else number
