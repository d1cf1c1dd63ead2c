"""The page of a topic."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.errors import NotFound
from community.errors import shows_refusals
from feeds.topics import reading

from .shell import cursor_of, feed_response


@require_safe
@shows_refusals
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    found = reading.topics_shown_to(viewer).filter(slug=slug[:80]).first()
    if found is None:
        raise NotFound
    order = "newest" if request.GET.get("order") == "newest" else "hot"
    page = reading.topic_page(found, viewer=viewer, order=order, cursor=cursor_of(request))
    related = reading.related_topics(found, viewer=viewer)
    return feed_response(
        request, page, "feeds/topic.html", topic=found, order=order, related=related
    )
