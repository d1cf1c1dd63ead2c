"""Discover, follow, nearby, hot, and one channel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.errors import NotFound
from community.errors import is_partial, shows_refusals
from community.models import Channel
from feeds import serving
from feeds.campaigns.reading import running
from feeds.topics.reading import hot_searches

from .channel_bar import channel_bar
from .shell import cursor_of, feed_response
from .whereabouts import cities, whereabouts

CAMPAIGNS_SHOWN = 3


@require_safe
@shows_refusals
def discover(request: HttpRequest) -> HttpResponse:
    page = serving.serve_discover(viewer=viewer_of(request), cursor=cursor_of(request))
    return feed_response(
        request, page, "feeds/discover.html", same_shell=True, tab="discover", bar=channel_bar()
    )


@require_safe
@shows_refusals
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = open_channel(slug)
    page = serving.serve_discover(
        viewer=viewer_of(request), cursor=cursor_of(request), channel=chosen
    )
    return feed_response(
        request, page, "feeds/channel.html", tab="discover", channel=chosen, bar=channel_bar(chosen)
    )


@require_safe
@shows_refusals
def follow(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer is None:
        return render(request, "feeds/follow_visitor.html", {"tab": "follow"})
    page = serving.serve_following(viewer=viewer, cursor=cursor_of(request))
    return feed_response(request, page, "feeds/follow.html", same_shell=True, tab="follow")


@require_safe
@shows_refusals
def nearby(request: HttpRequest) -> HttpResponse:
    """Around the position or city in the address; without either, around the viewer's city."""
    here = whereabouts(request.GET)
    order = "distance" if request.GET.get("order") == "distance" else "bands"
    page = serving.serve_nearby(
        viewer=viewer_of(request), point=here.point, cursor=cursor_of(request), order=order
    )
    return feed_response(
        request, page, "feeds/nearby.html", tab="nearby", here=here, order=order, cities=cities()
    )


@require_safe
@shows_refusals
def hot(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("channel", "")
    chosen = open_channel(slug) if slug else None
    page = serving.serve_hot(viewer=viewer_of(request), channel=chosen, cursor=cursor_of(request))
    bar = channel_bar(chosen, within="hot")
    beside: dict[str, Any] = {}
    if not (chosen or is_partial(request)):
        beside["hot_searches"] = hot_searches(viewer_of(request))
        beside["campaigns"] = running(now=timezone.now(), most=CAMPAIGNS_SHOWN)
    return feed_response(
        request, page, "feeds/hot.html", tab="hot", channel=chosen, bar=bar, **beside
    )


def open_channel(slug: str) -> Channel:
    """The channel of that name. Raises NotFound for closed and unknown ones."""
    channel = Channel.objects.open().filter(slug=slug[:60]).first()
    if channel is None:
        raise NotFound
    return channel
