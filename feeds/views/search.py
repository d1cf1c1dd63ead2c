"""Search: notes, people, tags, places, products; and where to begin when nothing was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.models import Follow, User
from community.brands.lookup import find_products, named_in
from community.errors import shows_refusals
from community.models import Channel, Note, Place, Tag
from community.search.query import LONGEST_QUERY, find_people, find_places, find_tags
from community.views.known import places_known_to, tags_known_to
from feeds.languages import LANGUAGES
from feeds.remembered import Remembered
from feeds.searches.asking import note_search
from feeds.searches.filters import DISTANCES, KINDS, ORDERS, TIMES, Narrowed
from feeds.searches.log import history_of
from feeds.searches.serving import Found, serve_search
from feeds.searches.suggesting import did_you_mean, tags_about
from feeds.topics.reading import hot_searches

from .shell import cursor_of, feed_response
from .whereabouts import cities, whereabouts

TABS = ("notes", "people", "tags", "places", "products")
PEOPLE_SHOWN, TAGS_SHOWN, PLACES_SHOWN, TAGS_TO_BEGIN_WITH = 50, 100, 50, 24
# Words of an address that say where.
WHERE = ("city", "lat", "lon")
# Fewer results than this, and the words may have been meant otherwise.
FEW = 3
_much_used: Remembered[list[Tag]] = Remembered(most=1, seconds=120)


@require_safe
@shows_refusals
def search(request: HttpRequest) -> HttpResponse:
    """One kind of results; without a query, things to look for."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    asked = request.GET.get("tab", "")
    kind = asked if asked in TABS else TABS[0]
    context: dict[str, Any] = {"tab": "search", "query": query, "kind": kind}
    viewer = viewer_of(request)
    if not query:
        return render(request, "feeds/search_start.html", context | start_context(viewer))
    if kind == "notes":
        return _notes(request, viewer, query, context)
    rows = _rows(kind, query, viewer)
    note_search(request, text=query, kind=kind, results=len(rows), now=timezone.now())
    return render(request, "feeds/search.html", context | {kind: rows} | _help(rows, query, viewer))


def start_context(viewer: User | None) -> dict[str, Any]:
    return {
        "history": history_of(viewer),
        "hot_searches": hot_searches(viewer),
        "tags": much_used_tags(viewer),
        "channels": Channel.objects.open().top_level(),
    }


def _notes(
    request: HttpRequest, viewer: User | None, query: str, context: dict[str, Any]
) -> HttpResponse:
    narrowed, cursor = narrowed_by(request.GET), cursor_of(request)
    wants = request.GET.get("personal") != "0"
    found = serve_search(
        viewer=viewer, query=query, cursor=cursor, narrowed=narrowed, personal=wants
    )
    items = found.page.items
    note_search(request, text=query, kind="notes", results=len(items), now=timezone.now())
    if cursor is None:
        context["named"] = named_in(query)
        context |= _filter_context(request, narrowed, found, viewer)
        context |= _help(() if found.relaxed else items, query, viewer)
    return feed_response(request, found.page, "feeds/search.html", **context)


def _help(found: Sequence[Any], query: str, viewer: User | None) -> dict[str, Any]:
    """What may help where little was found: other words, tags close by, what others look for."""
    if len(found) >= FEW:
        return {}
    helps: dict[str, Any] = {"meant": did_you_mean(query, viewer=viewer)}
    if not found:
        helps["near_tags"] = tags_about(query, viewer=viewer)
        helps["hot_searches"] = hot_searches(viewer)
    return helps


def _rows(kind: str, query: str, viewer: User | None) -> list[Any]:
    if kind == "people":
        return list(_with_ties(find_people(query, viewer=viewer), viewer)[:PEOPLE_SHOWN])
    if kind == "tags":
        known = tags_known_to(viewer).values("pk")
        return list(_most_used(find_tags(query).filter(pk__in=known))[:TAGS_SHOWN])
    if kind == "products":
        return find_products(query)
    return list(with_counts(find_places(query), viewer)[:PLACES_SHOWN])


# ---------------------------------------------------------------- filters
def narrowed_by(said: Mapping[str, str]) -> Narrowed:
    """The filters of an address; what is none of the choices is not narrowed by. Raises Invalid
    for a position that is no place on earth and a city nobody wrote about."""
    slug, km = said.get("channel", "")[:60].replace("\0", ""), said.get("km", "")
    channel = Channel.objects.open().filter(slug=slug).first() if slug else None
    around = whereabouts({name: said.get(name, "").replace("\0", "") for name in WHERE}).point
    return Narrowed(
        channel=channel,
        time=said.get("time", "") if said.get("time") in TIMES else "",
        kind=said.get("has", "") if said.get("has") in KINDS else "",
        language=said.get("language", "") if said.get("language") in LANGUAGES else "",
        order=said.get("order", "") if said.get("order") in ORDERS else ORDERS[0],
        around=around,
        km=int(km) if km in map(str, DISTANCES) else 10,
    )


def _filter_context(
    request: HttpRequest, narrowed: Narrowed, found: Found, viewer: User | None
) -> dict[str, Any]:
    words = (narrowed.time, narrowed.kind, narrowed.language)
    set_ones = [narrowed.channel, *words, narrowed.around]
    return {
        "narrowed": narrowed,
        "filters_set": sum(one not in (None, "") for one in set_ones),
        "relaxed": found.relaxed,
        "personal": found.personal,
        "may_be_personal": viewer is not None and viewer.profile.personalised,
        "city": request.GET.get("city", ""),
        "cities": cities(),
        "channels": Channel.objects.open().top_level(),
        "distances": DISTANCES,
        "languages": LANGUAGES,
    }


# ---------------------------------------------------------------- tags, places, people
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


def with_counts(places: QuerySet[Place], viewer: User | None) -> QuerySet[Place]:
    """Places the viewer may meet, each with `uses`: the notes there that they may see."""
    places = places.filter(pk__in=places_known_to(viewer).values("pk"))
    listed = Note.objects.listed_for(viewer).filter(place=OuterRef("pk")).order_by()
    counted = listed.values("place").annotate(n=Count("pk")).values("n")
    return places.annotate(uses=Subquery(counted)).order_by("-uses", "name", "pk")


def _with_ties(people: QuerySet[User], viewer: User | None) -> QuerySet[User]:
    """Each person with `is_followed`: whether the viewer follows them."""
    mine = Follow.objects.filter(follower=viewer, followed=OuterRef("pk"))
    return people.annotate(is_followed=Exists(mine))
