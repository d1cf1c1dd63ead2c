"""Gives every request an id, and counts it by the name of its route with the time it took.

What watches over a machine asks it by its address, whatever people call the site.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import counters, logs

logger = logging.getLogger("rockpool.access")

# Asked by machines, which say `Host: 10.0.0.5:8000`. None of them repeats what it is called.
FOR_WATCHERS = frozenset({"/livez", "/healthz", "/readyz", "/metrics"})


class CountRequests:
    """The outermost middleware, so that what the others refuse is counted, too.

    The id is the proxy's where one is trusted, else a new one. It is in every line that is logged
    meanwhile and in the answer's X-Request-ID, so that a person can name it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        if request.path_info in FOR_WATCHERS:
            _call_it_by_our_name(request)
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        request_id = logs.request_id(given)
        with logs.about(request=request_id):
            response = self.get_response(request)
            self._count(request, response.status_code, time.perf_counter() - started)
        response.headers["X-Request-ID"] = request_id
        return response

    def _count(self, request: HttpRequest, status: int, seconds: float) -> None:
        static = request.path_info.startswith(settings.STATIC_URL)
        route, method = "static" if static else logs.route_of(request), request.method or ""
        counters.count_request(route=route, method=method, status=status, seconds=seconds)
        if settings.LOG_FORMAT == "json":
            figures = {"route": route, "method": method, "status": status}
            took = {"milliseconds": round(seconds * 1000, 1)}
            logger.info("answered", extra={"figures": figures | took})


def _call_it_by_our_name(request: HttpRequest) -> None:
    """Before anything reads the host: else Django refuses whoever asks by address."""
    first = next(iter(settings.ALLOWED_HOSTS), "").lstrip(".")
    request.META["HTTP_HOST"] = "localhost" if first in ("", "*") else first
    request.META.pop("HTTP_X_FORWARDED_HOST", None)
