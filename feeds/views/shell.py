"""What all feed pages share: a page of cards, and the link to the next one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.asking import viewer_of
from community.errors import is_partial
from feeds.cards import render_cards
from feeds.pages import FeedPage

# After so many cards the next page waits for a tap: the foot of the page can be reached, and
# nobody scrolls for ever without having decided to.
CARDS_WITHOUT_ASKING = 100


def cursor_of(request: HttpRequest) -> str | None:
    return request.GET.get("cursor") or None


def feed_response(
    request: HttpRequest, page: FeedPage, template: str, **context: Any
) -> HttpResponse:
    """The whole page, or only the next cards where htmx asked for them."""
    context |= cards_context(request, page)
    response = render(request, "feeds/_batch.html" if is_partial(request) else template, context)
    # Not `no-store`: that would cost the way back its place in the list.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request"])
    return response


def cards_context(request: HttpRequest, page: FeedPage) -> dict[str, Any]:
    """What templates/feeds/_batch.html needs."""
    return {
        "page": page,
        "cards": render_cards(page, viewer=viewer_of(request)),
        "next_url": _next_url(request, page),
        "goes_on_by_itself": not _is_time_to_ask(page),
        "is_continuation": "cursor" in request.GET,
    }


def _next_url(request: HttpRequest, page: FeedPage) -> str:
    if page.next_cursor is None:
        return ""
    query = request.GET.copy()
    query["cursor"] = page.next_cursor
    return f"{request.path}?{query.urlencode()}"


def _is_time_to_ask(page: FeedPage) -> bool:
    if not page.items:
        return False
    first, last = page.items[0].position, page.items[-1].position
    return first // CARDS_WITHOUT_ASKING != (last + 1) // CARDS_WITHOUT_ASKING
