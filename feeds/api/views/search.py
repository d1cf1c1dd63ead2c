"""Search for notes, people or tags."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, viewer_of
from accounts.api.pagination import next_address
from accounts.api.people_rows import people_json
from accounts.api.reading import query_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from accounts.models import User
from community.search.query import find_people, find_tags
from community.views.known import tags_known_to
from feeds import listing
from feeds.api import serializers as shapes
from feeds.searches.asking import note_search

from .pages import cards_json

# People and tags come as one page: whoever has not found them by then types another letter.
MOST_PEOPLE, MOST_TAGS = 50, 50


class SearchView(ApiView):
    @describe(
        "search",
        "Find notes, people or tags",
        query=shapes.SearchQuery,
        answer=shapes.SearchResults,
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, shapes.SearchQuery)
        answer: dict[str, Any] = {
            "type": query["type"],
            "notes": [],
            "people": [],
            "tags": [],
            "next": None,
            "impression_token": "",
        }
        if query["type"] == "people":
            answer["people"] = _people(request, query["q"])
        elif query["type"] == "tags":
            answer["tags"] = _tags(viewer_of(request), query["q"])
        else:
            answer |= _notes(request, query)
        found = len(answer[query["type"]])
        note_search(request, text=query["q"], kind=query["type"], results=found, now=timezone.now())
        return Response(answer)


def _notes(request: Request, query: dict[str, Any]) -> dict[str, Any]:
    page = listing.serve_search(
        viewer=viewer_of(request), query=query["q"], cursor=query.get("cursor")
    )
    return {
        "notes": cards_json(request, page),
        "next": next_address(request, page.next_cursor),
        "impression_token": page.token,
    }


def _people(request: Request, words: str) -> list[dict[str, Any]]:
    viewer = viewer_of(request)
    found = list(find_people(words, viewer=viewer)[:MOST_PEOPLE])
    return people_json(found, viewer=viewer, base=site_address(request))


def _tags(viewer: User | None, words: str) -> list[dict[str, Any]]:
    known = tags_known_to(viewer).values("pk")
    return list(find_tags(words).filter(pk__in=known).values("key", "name")[:MOST_TAGS])
