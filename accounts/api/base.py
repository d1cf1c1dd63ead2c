"""The view that every address of the interface is made from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from accounts.errors import DomainError
from accounts.models import User

from .authentication import check_scope

PARSERS: list[Any] = list(api_settings.DEFAULT_PARSER_CLASSES)
JSON_ONLY = tuple(parser for parser in PARSERS if parser.media_type == "application/json")
FORMS_ONLY = tuple(parser for parser in PARSERS if parser.media_type == "multipart/form-data")


class AlwaysJSON(BaseContentNegotiation):
    """There is one representation, so no Accept header is a reason to refuse."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class ApiView(APIView):
    """Method first, then who asks, then how often, then whether they and their token may; the body
    comes last."""

    parser_classes: Any = JSON_ONLY
    content_negotiation_class: Any = AlwaysJSON
    format_kwarg = None
    http_method_names: Any = ("get", "head", "post", "put", "patch", "delete")
    # Name of the rate that is counted besides the general one, e.g. "upload".
    extra_rate = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
            request
        )
        method = (request.method or "").lower()
        if method not in self.http_method_names or not hasattr(self, method):
            self.http_method_not_allowed(request)
        refusal = self._recognise(request)
        self.check_throttles(request)
        if refusal is not None:
            raise refusal
        self.check_permissions(request)
        check_scope(request, getattr(getattr(self, method), "operation", ""))

    def _recognise(self, request: Request) -> APIException | None:
        """Find out who asks; a refusal is returned: guessing is counted before it is told."""
        try:
            self.perform_authentication(request)
        except UnicodeDecodeError:
            request.user = AnonymousUser()
            return AuthenticationFailed(_("The Authorization header is not UTF-8."))
        except APIException as refusal:
            return refusal
        return None

    def get_authenticate_header(self, request: Request) -> str:
        """A program's token that opens nothing (any more) is told so as RFC 6750 says it."""
        usual = super().get_authenticate_header(request)
        kind = get_authorization_header(request).partition(b" ")[0].lower()
        return 'Bearer error="invalid_token"' if usual and kind == b"bearer" else usual

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        allowance = getattr(request, "allowance", None)
        if allowance is not None:
            response["RateLimit-Limit"] = str(allowance.limit)
            response["RateLimit-Remaining"] = str(allowance.remaining)
            response["RateLimit-Reset"] = str(allowance.reset_in)
        return response


class MembersView(ApiView):
    """For people who are logged in, reading included."""

    permission_classes: Any = (IsAuthenticated,)


class UploadView(MembersView):
    """Takes one file in a form."""

    parser_classes: Any = FORMS_ONLY
    extra_rate = "upload"

    def handle_exception(self, exc: Exception) -> Response:
        """What is wrong with the file is told of the field that it came in; pages have others."""
        if isinstance(exc, DomainError) and exc.field in ("picture", "video"):
            exc.field = "file"
        return super().handle_exception(exc)


def viewer_of(request: Request) -> User | None:
    """Who reads: a person, or None for a visitor."""
    return request.user if request.user.is_authenticated else None


def actor_of(request: Request) -> User:
    """Who acts; only called where the permission asked for a login."""
    person = viewer_of(request)
    if person is None:
        raise NotAuthenticated
    return person
