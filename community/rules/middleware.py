"""Count what rules refused in a request, when it is over."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import refusals


def CountRefusals(  # noqa: N802 (named as middleware is)
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        with refusals.counted():
            return get_response(request)

    return answer
