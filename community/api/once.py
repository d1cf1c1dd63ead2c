"""Idempotency-Key: the same key and body again gets the same answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import actor_of
from accounts.errors import Invalid
from community.services.idempotency import answer_once

from .renderers import FastJSONRenderer

KEY = re.compile(r"[A-Za-z0-9._:\-]{1,64}")


def answered_once(
    request: Request, body: Any, write: Callable[[], tuple[int, dict[str, Any]]]
) -> Response:
    """The answer of `write`; from the row of the request's key where it has been done before."""
    key = checked_key(request)
    if key is None:
        status, answer = write()
        return Response(answer, status=status)
    given = answer_once(
        person=actor_of(request),
        key=key,
        route=f"{request.method} {request.path}",
        body_digest=sha256(json.dumps(body, sort_keys=True).encode()).hexdigest(),
        write=lambda: _plain(write()),
    )
    headers = {"Idempotency-Replayed": "true"} if given.repeated else None
    return Response(given.body, status=given.status, headers=headers)


def checked_key(request: Request) -> str | None:
    """The request's key, None without one. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Invalid(
            _("An Idempotency-Key has 1 to 64 letters, digits, or any of . : - _"),
            field="Idempotency-Key",
        )
    return key


def _plain(result: tuple[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """The answer as it goes out, so that the repeat is the same to the letter."""
    status, answer = result
    return status, orjson.loads(FastJSONRenderer().render(answer))
