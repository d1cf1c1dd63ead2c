"""The four feeds, and the lists that look like them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import next_address
from accounts.api.reading import query_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from community.api.note_rows import notes_json
from community.api.views.notes import channel_called
from community.models import Channel, Place, Tag
from community.text.hashtags import tag_key
from feeds import listing, serving
from feeds.api import serializers as shapes
from feeds.pages import FeedPage
from feeds.receipts import signals_of
from feeds.views.whereabouts import whereabouts


def cards_json(request: Request, page: FeedPage) -> list[dict[str, Any]]:
    """The cards of a page: the notes in three queries, the hearts as the page knows them."""
    notes = notes_json(
        [item.note_id for item in page.items],
        viewer=viewer_of(request),
        base=site_address(request),
        liked={item.note_id for item in page.items if item.liked},
        collected={item.note_id for item in page.items if item.collected},
    )
    by_id = {note["id"]: note for note in notes}
    signals = signals_of(page.list_id, [item.note_id for item in page.items])
    return [
        {
            "note": by_id[item.note_id],
            "reason": {"code": item.reason.code, "text": item.reason.text},
            "signals": [
                {"code": one.code, "text": one.text, "share": one.share}
                for one in signals.get(item.note_id, ())
            ],
            "source": item.source,
            "position": item.position,
            "paid": item.paid,
            "distance_km": item.distance_km,
        }
        for item in page.items
        if item.note_id in by_id
    ]


def page_answer(request: Request, page: FeedPage) -> Response:
    return Response(
        {
            "feed": page.feed,
            "results": cards_json(request, page),
            "next": next_address(request, page.next_cursor),
            "impression_token": page.token,
            "caught_up": page.ended,
            "seen_before": page.seen_before,
        }
    )


def _cursor(request: Request) -> str | None:
    return query_of(request, shapes.CursorQuery).get("cursor")


class DiscoverView(ApiView):
    @describe("discover", "For you", query=shapes.CursorQuery, answer=shapes.CardPage)
    def get(self, request: Request) -> Response:
        page = serving.serve_discover(viewer=viewer_of(request), cursor=_cursor(request))
        return page_answer(request, page)


class FollowingView(MembersView):
    @describe(
        "follow_feed", "From people you follow", query=shapes.CursorQuery, answer=shapes.CardPage
    )
    def get(self, request: Request) -> Response:
        page = serving.serve_following(viewer=actor_of(request), cursor=_cursor(request))
        return page_answer(request, page)


class NearbyView(ApiView):
    @describe(
        "nearby", "Around a point or a city", query=shapes.NearbyQuery, answer=shapes.CardPage
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, shapes.NearbyQuery)
        said: dict[str, str] = {k: str(query[k]) for k in ("lat", "lon", "city") if k in query}
        page = serving.serve_nearby(
            viewer=viewer_of(request),
            point=whereabouts(said).point,
            cursor=query.get("cursor"),
            order=query["order"],
        )
        return page_answer(request, page)


class HotView(ApiView):
    @describe(
        "hot", "What is hot, here or in a channel", query=shapes.HotQuery, answer=shapes.CardPage
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, shapes.HotQuery)
        channel = channel_called(query["channel"]) if "channel" in query else None
        page = serving.serve_hot(
            viewer=viewer_of(request), channel=channel, cursor=query.get("cursor")
        )
        return page_answer(request, page)


class ChannelFeedView(ApiView):
    @describe(
        "channel_feed", "A channel", query=shapes.CursorQuery, answer=shapes.CardPage, refuses=[404]
    )
    def get(self, request: Request, slug: str) -> Response:
        channel = Channel.objects.filter(slug=slug).first()
        if channel is None:
            raise Http404
        page = serving.serve_discover(
            viewer=viewer_of(request), cursor=_cursor(request), channel=channel
        )
        return page_answer(request, page)


class TagNotesView(ApiView):
    @describe(
        "list_notes_of_tag",
        "Notes with a tag",
        query=shapes.CursorQuery,
        answer=shapes.CardPage,
        refuses=[404],
    )
    def get(self, request: Request, key: str) -> Response:
        """A tag nobody uses and one that only hidden notes carry look alike: an empty list."""
        tag = Tag.objects.shown().filter(key=tag_key(key)).first() or Tag(pk=0)
        page = listing.serve_tag(viewer=viewer_of(request), tag=tag, cursor=_cursor(request))
        return page_answer(request, page)


class PlaceNotesView(ApiView):
    @describe(
        "list_notes_of_place",
        "Notes at a place",
        query=shapes.CursorQuery,
        answer=shapes.CardPage,
        refuses=[404],
    )
    def get(self, request: Request, place_id: int) -> Response:
        """A place without notes that may be shown is an empty list for the same reason."""
        page = listing.serve_place(
            viewer=viewer_of(request), place=Place(pk=place_id), cursor=_cursor(request)
        )
        return page_answer(request, page)


class LikedView(MembersView):
    @describe("list_liked", "Notes you like", query=shapes.CursorQuery, answer=shapes.CardPage)
    def get(self, request: Request) -> Response:
        page = listing.serve_liked(viewer=actor_of(request), cursor=_cursor(request))
        return page_answer(request, page)


class CollectedView(MembersView):
    @describe("list_collected", "Notes you keep", query=shapes.CursorQuery, answer=shapes.CardPage)
    def get(self, request: Request) -> Response:
        page = listing.serve_collected(viewer=actor_of(request), cursor=_cursor(request))
        return page_answer(request, page)
