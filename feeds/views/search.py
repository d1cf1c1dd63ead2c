"""Search: notes, people, tags; and where to begin when nothing was typed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.models import Follow, User
from community.errors import shows_refusals
from community.models import Channel, Tag
from community.search.query import LONGEST_QUERY, find_people, find_tags
from community.views.known import tags_known_to
from feeds import listing
from feeds.remembered import Remembered
from feeds.searches.asking import note_search
from feeds.topics.reading import hot_searches

from .shell import cursor_of, feed_response

KINDS = ("notes", "people", "tags")
PEOPLE_SHOWN, TAGS_SHOWN, TAGS_TO_BEGIN_WITH = 50, 100, 24
_much_used: Remembered[list[Tag]] = Remembered(most=1, seconds=120)


@require_safe
@shows_refusals
def search(request: HttpRequest) -> HttpResponse:
    """One kind of results; without a query, things to look for."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    asked = request.GET.get("tab", "")
    kind = asked if asked in KINDS else KINDS[0]
    context: dict[str, Any] = {"tab": "search", "query": query, "kind": kind, "kinds": KINDS}
    viewer = viewer_of(request)
    if not query:
        context |= {"tags": much_used_tags(viewer), "channels": Channel.objects.open().top_level()}
        context["hot_searches"] = hot_searches(viewer)
        return render(request, "feeds/search_start.html", context)
    if kind == "notes":
        page = listing.serve_search(viewer=viewer, query=query, cursor=cursor_of(request))
        found = len(page.items)
    elif kind == "people":
        people = _with_ties(find_people(query, viewer=viewer), viewer)[:PEOPLE_SHOWN]
        context["people"], found = people, len(people)
    else:
        known = tags_known_to(viewer).values("pk")
        tags = _most_used(find_tags(query).filter(pk__in=known))[:TAGS_SHOWN]
        context["tags"], found = tags, len(tags)
    note_search(request, text=query, kind=kind, results=found, now=timezone.now())
    if kind == "notes":
        return feed_response(request, page, "feeds/search.html", **context)
    return render(request, "feeds/search.html", context)


def much_used_tags(viewer: User | None) -> list[Tag]:
    """Tags that most public notes carry, counted every two minutes; those this viewer may meet."""
    known = _much_used.get("all")
    if known is None:
        tags = _most_used(Tag.objects.filter(pk__in=tags_known_to(None).values("pk")))
        known = _much_used.put("all", list(tags[:TAGS_TO_BEGIN_WITH]))
    ids = [tag.pk for tag in known]
    met = set(tags_known_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [tag for tag in known if tag.pk in met]


def _most_used(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    return tags.annotate(uses=Count("tagged")).order_by("-uses", "key")


def _with_ties(people: QuerySet[User], viewer: User | None) -> QuerySet[User]:
    """Each person with `is_followed`: whether the viewer follows them."""
    mine = Follow.objects.filter(follower=viewer, followed=OuterRef("pk"))
    return people.annotate(is_followed=Exists(mine))
