"""The links by which a device came, remembered on the device alone: signed, for a month."""

from __future__ import annotations

import re
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "came_by", "rockpool.came_by"
KEPT = timedelta(days=30)
MOST = 10
# Machines that fetch a link to draw a preview of it are nobody's visit.
PREVIEWS = re.compile(
    r"bot\b|bot/|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|mastodon|embed", re.I
)


def links_of(request: HttpRequest) -> list[str]:
    """Tokens of the links, the latest last; empty where nothing or something else is written."""
    try:
        kept = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=int(KEPT.total_seconds())
        )
    except signing.BadSignature:
        return []
    is_ours = isinstance(kept, list) and all(isinstance(token, str) for token in kept)
    return kept[-MOST:] if is_ours else []


def remember(response: HttpResponse, links: list[str], *, secure: bool) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(links[-MOST:], salt=SALT),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def is_somebody(request: HttpRequest) -> bool:
    """Whether a person may be behind this: no preview, no prefetch, no HEAD."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and "prefetch" not in purpose and not PREVIEWS.search(agent)
