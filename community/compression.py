"""Pages leave compressed where no server in front does it; files and streams go as they are."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = (
    "text/", "application/json", "application/problem+json", "application/manifest+json",
    "application/rss+xml", "application/atom+xml", "application/xml",
)  # fmt: skip


class CompressPages(GZipMiddleware):
    """Django's, for texts only: a video asked for in parts must not change on its way, and a
    picture gets no smaller. Against BREACH each answer has random padding (Django 4.2)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)
