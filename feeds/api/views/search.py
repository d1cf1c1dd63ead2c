"""Search for notes, people, tags, places or products; suggestions; one's own history."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import next_address
from accounts.api.people_rows import people_json
from accounts.api.reading import query_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from accounts.models import User
from community.api.note_rows import place_json
from community.api.views.notes import channel_called
from community.brands.lookup import find_products, named_in
from community.brands.rows import brand_in_short, product_json
from community.search.query import find_people, find_places, find_tags
from community.views.known import places_known_to, tags_known_to
from feeds.api import serializers as shapes
from feeds.searches.asking import note_search
from feeds.searches.filters import Narrowed
from feeds.searches.log import forget_search, forget_searches, history_of
from feeds.searches.serving import serve_search
from feeds.searches.suggesting import did_you_mean, suggestions
from feeds.views.whereabouts import whereabouts

from .pages import cards_json

# People, tags and places come as one page: whoever has not found them by then types another letter.
MOST_ROWS = 50
# Fewer results than this, and the words may have been meant otherwise.
FEW = 3
PLACE_COLUMNS = ("id", "name", "city", "latitude", "longitude")


class SearchView(ApiView):
    @describe(
        "search",
        "Find notes, people, tags, places or products",
        query=shapes.SearchQuery,
        answer=shapes.SearchResults,
        refuses=[404],
    )
    def get(self, request: Request) -> Response:
        query, viewer = query_of(request, shapes.SearchQuery), viewer_of(request)
        kind, words = query["type"], query["q"]
        answer: dict[str, Any] = {
            "type": kind,
            "notes": [],
            "people": [],
            "tags": [],
            "places": [],
            "brands": [],
            "products": [],
            "next": None,
            "impression_token": "",
            "relaxed": False,
            "personal": False,
            "did_you_mean": None,
        }
        answer |= _notes(request, query) if kind == "notes" else _rows(request, kind, words)
        found = len(answer[kind])
        if "cursor" not in query and kind == "notes":
            answer |= _named(request, words)
        if "cursor" not in query and (found < FEW or answer["relaxed"]):
            answer["did_you_mean"] = did_you_mean(words, viewer=viewer)
        note_search(request, text=words, kind=kind, results=found, now=timezone.now())
        return Response(answer)


def _notes(request: Request, query: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, str] = {k: str(query[k]) for k in ("lat", "lon", "city") if k in query}
    narrowed = Narrowed(
        channel=channel_called(query["channel"]) if "channel" in query else None,
        time=query.get("time", ""),
        kind=query.get("has", ""),
        language=query.get("language", ""),
        order=query["order"],
        around=whereabouts(said).point,
        km=query["km"],
    )
    found = serve_search(
        viewer=viewer_of(request),
        query=query["q"],
        cursor=query.get("cursor"),
        narrowed=narrowed,
        personal=query["personal"],
    )
    return {
        "notes": cards_json(request, found.page),
        "next": next_address(request, found.page.next_cursor),
        "impression_token": found.page.token,
        "relaxed": found.relaxed,
        "personal": found.personal,
    }


def _named(request: Request, words: str) -> dict[str, Any]:
    """Brands and products that the query names, as they stand above the notes on the page."""
    named, base = named_in(words), site_address(request)
    return {
        "brands": [brand_in_short(brand, base=base) for brand in named.brands],
        "products": [product_json(product, base=base) for product in named.products],
    }


def _rows(request: Request, kind: str, words: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    if kind == "people":
        people = list(find_people(words, viewer=viewer)[:MOST_ROWS])
        return {"people": people_json(people, viewer=viewer, base=site_address(request))}
    if kind == "tags":
        return {"tags": _tags(viewer, words)}
    if kind == "products":
        base = site_address(request)
        return {"products": [product_json(product, base=base) for product in find_products(words)]}
    known = places_known_to(viewer).values("pk")
    places = find_places(words).filter(pk__in=known).values(*PLACE_COLUMNS)
    return {"places": [place_json(row) for row in places[:MOST_ROWS]]}


def _tags(viewer: User | None, words: str) -> list[dict[str, Any]]:
    known = tags_known_to(viewer).values("pk")
    return list(find_tags(words).filter(pk__in=known).values("key", "name")[:MOST_ROWS])


class SuggestView(ApiView):
    @describe(
        "suggest_searches",
        "What may be meant by what was typed so far; without words, recent and popular searches",
        query=shapes.SuggestQuery,
        answer=shapes.SuggestionList,
    )
    def get(self, request: Request) -> Response:
        begun = query_of(request, shapes.SuggestQuery)["q"]
        rows = suggestions(begun, viewer=viewer_of(request))
        return Response(
            {
                "results": [
                    {"kind": row.kind, "text": row.text, "detail": row.detail, "url": row.url}
                    for row in rows
                ]
            }
        )


class SearchHistoryView(MembersView):
    @describe("search_history", "What you searched for lately", answer=shapes.SearchHistory)
    def get(self, request: Request) -> Response:
        return Response({"results": history_of(actor_of(request))})

    @describe(
        "forget_searches",
        "Remove one search from your history, or all of them",
        query=shapes.ForgetQuery,
        status=204,
    )
    def delete(self, request: Request) -> Response:
        text = query_of(request, shapes.ForgetQuery).get("q")
        if text is not None:
            forget_search(person=actor_of(request), text=text)
        else:
            forget_searches(person=actor_of(request))
        return Response(status=204)
