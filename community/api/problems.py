"""Every refusal and failure of the interface as RFC 9457 problem details, in the asked language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.api.schema import PROBLEM
from accounts.errors import DomainError
from community.media.errors import PictureRefused
from community.unavailable import RETRY_AFTER_SECONDS, status_of

from .renderers import FastJSONRenderer

logger = logging.getLogger(__name__)

TITLES = {
    400: gettext_noop("That cannot be taken as it is"),
    401: gettext_noop("Log in first"),
    403: gettext_noop("Not allowed"),
    404: gettext_noop("Not found"),
    405: gettext_noop("Wrong method"),
    409: gettext_noop("Conflict"),
    413: gettext_noop("Too large"),
    415: gettext_noop("Wrong type"),
    429: gettext_noop("Too often"),
    500: gettext_noop("Our mistake"),
    501: gettext_noop("Not offered"),
    503: gettext_noop("Not available just now"),
    507: gettext_noop("No room left"),
}
SENTENCES = {
    400: gettext_lazy("Please check what you sent."),
    403: gettext_lazy("You may not do that."),
    404: gettext_lazy("We cannot find that. It may have been removed."),
    413: gettext_lazy("What you sent is too large."),
    500: gettext_lazy("Something went wrong on our side. Nothing was changed. Try again later."),
    503: gettext_lazy("The community cannot be reached just now. Try again in a moment."),
    507: gettext_lazy(
        "There is no room left on our side just now. Nothing was kept. Try again later."
    ),
}
CODES = {400: "invalid", 403: "not_allowed", 404: "not_found", 413: "too_large"}
NO_FIELD = "non_field_errors"


def problem_details(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler. What nobody expected is logged and answered without its details."""
    set_rollback()
    body, headers = _describe(error)
    if body["status"] >= 500:
        _report(error, context)
    response = Response(body, status=body["status"], headers=headers)
    response.content_type = PROBLEM
    return response


def problem_response(status: int, *, detail: str = "", code: str = "") -> HttpResponse:
    """The same outside of a view: unknown addresses, and what middleware refuses."""
    body = problem(status, detail=detail, code=code)
    return HttpResponse(FastJSONRenderer().render(body), status=status, content_type=PROBLEM)


def speaks_api(request: HttpRequest) -> bool:
    """Whether whoever asks is a program: error pages for people would tell it nothing."""
    return request.path_info.startswith("/api/")


def problem(
    status: int,
    *,
    detail: object = "",
    code: str = "",
    errors: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    code = code or CODES.get(status, "error")
    return {
        "type": f"urn:rockpool:problem:{code}",
        "title": _(TITLES[status]) if status in TITLES else str(status),
        "status": status,
        "detail": str(detail or SENTENCES.get(status, "")),
        "code": code,
        "errors": dict(errors or {}),
    }


def _describe(error: Exception) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.ValidationError):
        errors = flatten(error.detail)
        return problem(400, code="invalid", detail=_summary(errors), errors=errors), {}
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, PictureRefused):
        said = str(error.message)
        return problem(400, code=error.code, detail=said, errors={"file": [said]}), {}
    status = _status_of(error)
    wait = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status in (503, 507) else {}
    return problem(status), wait


def _status_of(error: Exception) -> int:
    kinds: list[tuple[type[Exception], int]] = [
        (Http404, 404),
        (PermissionDenied, 403),
        (RequestDataTooBig, 413),
        (SuspiciousOperation, 400),
    ]
    known = next((status for kind, status in kinds if isinstance(error, kind)), None)
    return known or status_of(error) or 500


def _of_domain(error: DomainError) -> tuple[dict[str, Any], dict[str, str]]:
    said = str(error.text)
    errors = {error.field: [said]} if error.field else {}
    wait = getattr(error, "retry_in", 0)
    headers = {"Retry-After": str(wait)} if wait else {}
    return problem(error.status, code=error.kind, detail=said, errors=errors), headers


def _of_framework(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    """DRF's own: log-in, permission, method, media type, rate, JSON that is none."""
    headers = {}
    if login := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = login
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    code = str(getattr(error.detail, "code", "") or error.default_code)
    said = str(error.detail)
    return problem(error.status_code, code=code, detail=said), headers


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """{"place": {"latitude": [..]}} as {"place.latitude": [..]}."""
    if isinstance(detail, Mapping):
        parts = detail.items()
    elif isinstance(detail, list) and any(isinstance(item, (Mapping, list)) for item in detail):
        parts = ((str(index), item) for index, item in enumerate(detail) if item)  # type: ignore[assignment]
    else:
        said = detail if isinstance(detail, list) else [detail]
        return {path: [str(sentence) for sentence in said]}
    found: dict[str, list[str]] = {}
    for name, part in parts:
        inner = path if name == NO_FIELD else f"{path}.{name}".lstrip(".")
        found |= flatten(part, inner)
    return found


def _summary(errors: Mapping[str, list[str]]) -> str:
    """The first fault as a sentence for a person."""
    for field, said in errors.items():
        return f"{field}: {said[0]}" if field else said[0]
    return str(SENTENCES[400])


def _report(error: Exception, context: Mapping[str, Any]) -> None:
    """To the log with its traceback, and to whoever listens for failures (tests among them)."""
    request = context.get("request")
    logger.error("Failed: %s", getattr(request, "path", "?"), exc_info=error)
    plain = getattr(request, "_request", request)
    got_request_exception.send(sender=type(context.get("view")), request=plain)
