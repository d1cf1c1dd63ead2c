"""What all feed pages share: a page of cards, and the link to the next one."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from accounts.asking import viewer_of
from community.errors import is_partial
from feeds.cards import Parts, Slots, fill, render_cards, split_at_slots
from feeds.pages import FeedPage
from feeds.remembered import Remembered

# About 10 KB each.
_shells: Remembered[Parts] = Remembered(most=1_000, seconds=60)

# After so many cards the next page waits for a tap: the foot of the page can be reached, and
# nobody scrolls for ever without having decided to.
CARDS_WITHOUT_ASKING = 100


def cursor_of(request: HttpRequest) -> str | None:
    return request.GET.get("cursor") or None


def feed_response(
    request: HttpRequest, page: FeedPage, template: str, *, same_shell: bool = False, **context: Any
) -> HttpResponse:
    """The whole page, or only the next cards where htmx asked for them.

    `same_shell`: all but the cards is the same each time this viewer asks for this address, so it
    is rendered once a minute.
    """
    context |= cards_context(request, page)
    if is_partial(request):
        response = HttpResponse(context["batch"])
    elif same_shell and page.items and not has_messages(request):
        response = HttpResponse(_in_shell(request, template, context))
    else:
        response = render(request, template, context)
    # Not `no-store`: that would cost the way back its place in the list.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request"])
    return response


def cards_context(request: HttpRequest, page: FeedPage) -> dict[str, Any]:
    """The cards of a page, and the batch that holds them with what the page's scripts need."""
    cards = render_cards(page, viewer=viewer_of(request))
    own = {
        "token": page.token,
        "feed": page.feed,
        "cards": cards,
        "next_url": escape(_next_url(request, page)),
    }
    goes_on = not _is_time_to_ask(page)
    frame = _batch_frame(
        bool(page.next_cursor), goes_on, bool(page.items), page.seen_before, get_language()
    )
    return {"page": page, "cards": cards, "batch": mark_safe(fill(frame, own))}  # noqa: S308


def _batch_frame(
    more: bool, goes_on: bool, any_items: bool, seen_before: bool, language: str | None
) -> Parts:
    """What stands around the cards, the same for everybody in the same position."""
    key = ("batch", more, goes_on, any_items, seen_before, language)
    known = _shells.get(key)
    if known is None:
        marks = {name: Slots()[name] for name in ("token", "feed", "cards")}
        context = marks | {
            "next_url": Slots()["next_url"] if more else "",
            "goes_on_by_itself": goes_on,
            "any_items": any_items,
            "seen_before": seen_before,
        }
        known = _shells.put(key, split_at_slots(render_to_string("feeds/_batch.html", context)))
    return known


def has_messages(request: HttpRequest) -> bool:
    """Whether something waits to be told. Looks at the cookie, so as not to use them up."""
    return (
        CookieStorage.cookie_name in request.COOKIES
        or SessionStorage.session_key in request.session
    )


def _in_shell(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    """The page from its remembered shell, with this request's cards and CSRF token put in."""
    viewer = viewer_of(request)
    who = (viewer.pk, viewer.username, viewer.profile.theme) if viewer else None
    key = (template, request.get_full_path(), get_language(), who)
    shell = _shells.get(key)
    if shell is None:
        marked = context | {"batch": Slots()["batch"], "csrf_token": Slots()["csrf"]}
        shell = _shells.put(key, split_at_slots(render_to_string(template, marked, request)))
    return fill(shell, {"batch": context["batch"], "csrf": get_token(request) if viewer else ""})


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
