"""Describing an operation: what it takes, what it answers, and every way in which it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from accounts.scopes import Scope

from .operations import SCOPES

Function = TypeVar("Function", bound=Callable[..., Any])
Shape = type[serializers.Serializer[Any]]

PROBLEM = "application/problem+json"
REASONS = {
    400: "Something sent cannot be taken; `errors` names the fields.",
    401: "Log in: the token is missing, wrong or expired.",
    403: "This person, or this token, may not do that.",
    404: "It does not exist, or this person may not know that it does.",
    405: "This address does not know the method.",
    409: "Something changed meanwhile, or an idempotency key was used for something else.",
    413: "What was sent is too large.",
    415: "What was sent is of another type than this address takes.",
    429: "Too often; wait as long as Retry-After says.",
}
ALWAYS = frozenset({401, 429})


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField(help_text="A name for the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence in the language that was asked for.")
    code = serializers.CharField(help_text="A stable word for programs.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Sentences by field, where fields are to blame.",
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._:-]+$"},
    OpenApiParameter.HEADER,
    description="The same key with the same body gets the same answer; with another body a 409.",
)


def describe(
    operation: str,
    summary: str,
    *,
    answer: Any = None,
    status: int = 200,
    query: Shape | None = None,
    body: Any = None,
    headers: Iterable[OpenApiParameter] = (),
    refuses: Iterable[int] = (),
    open_to_all: bool = False,
) -> Callable[[Function], Function]:
    """Declare one operation. 400 is added to what takes a query, 400, 413 and 415 to what takes a
    body, 403 to what needs a scope (operations.py), 401 and 429 to all."""
    codes = ALWAYS | set(refuses)
    if operation in SCOPES:
        codes |= {403}
    if query is not None:
        codes |= {400}
    if body is not None:
        codes |= {400, 413, 415}
    responses: dict[Any, Any] = {
        status: answer if answer is not None else OpenApiResponse(description="Done.")
    }
    for code in sorted(codes):
        responses[code, PROBLEM] = OpenApiResponse(Problem, description=REASONS[code])
    described = extend_schema(
        operation_id=operation,
        summary=summary,
        description=_with_scope(summary, operation),
        parameters=[*([query] if query else []), *headers],
        request=body,
        responses=responses,
        auth=[] if open_to_all else None,
        extensions={"x-scope": SCOPES[operation].value} if operation in SCOPES else None,
    )

    def named(function: Function) -> Function:
        done: Function = described(function)
        done.operation = operation  # type: ignore[attr-defined]
        return done

    return named


def _with_scope(summary: str, operation: str) -> str:
    scope = SCOPES.get(operation)
    return f"{summary}. Scope of a token: `{scope.value}`." if scope else summary


@cache
def pages_of(shape: Shape) -> Any:
    """The shape of one page of a list of `shape`."""
    return inline_serializer(
        name=shape.__name__.removesuffix("Serializer") + "Page",
        fields={
            "results": shape(many=True),
            "next": serializers.URLField(
                allow_null=True, help_text="Address of the next page; null after the last."
            ),
        },
    )


def no_more_fields(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Schema hook: bodies take the fields that are named and no others (see reading.body_of)."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    return result


class ScopedTokenScheme(KnoxTokenScheme):
    """How the schema says that a token is sent."""

    target_class = "accounts.api.authentication.ScopedToken"


class ProgramTokenScheme(OpenApiAuthenticationExtension):
    """The same for tokens of programs that people allowed."""

    target_class = "accounts.api.authentication.ProgramToken"
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {
            "authorizationUrl": reverse("oauth2_provider:authorize"),
            "tokenUrl": reverse("oauth2_provider:token"),
            "refreshUrl": reverse("oauth2_provider:token"),
            "scopes": {scope.value: str(scope.label) for scope in Scope},
        }
        return {"type": "oauth2", "flows": {"authorizationCode": flow}}
