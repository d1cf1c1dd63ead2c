"""Topics and hot searches for programs."""

from __future__ import annotations

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, viewer_of
from accounts.api.reading import query_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from feeds.api import serializers as shapes
from feeds.api.serializers import Shape
from feeds.topics import reading

from .pages import page_answer


class HotSearchLine(Shape):
    text = serializers.CharField()
    url = serializers.CharField()
    people = serializers.IntegerField(help_text="Distinct people of the last day.")
    moved = serializers.IntegerField(
        allow_null=True, help_text="Places risen in an hour; null where it is new."
    )
    topic = serializers.BooleanField(help_text="Whether it is a topic with a page.")


class HotSearches(Shape):
    results = HotSearchLine(many=True)


class HotSearchesView(ApiView):
    @describe("hot_searches", "What people look for now", answer=HotSearches)
    def get(self, request: Request) -> Response:
        base = site_address(request).rstrip("/")
        lines = reading.hot_searches(viewer_of(request))
        results = [
            {
                "text": line.text,
                "url": base + line.url,
                "people": line.people,
                "moved": line.moved,
                "topic": line.topic,
            }
            for line in lines
        ]
        return Response({"results": results})


class TopicQuery(shapes.CursorQuery):
    order = serializers.ChoiceField(choices=["hot", "newest"], default="hot")


class TopicView(ApiView):
    @describe(
        "topic",
        "Notes of a topic, the hottest or the newest first",
        query=TopicQuery,
        answer=shapes.CardPage,
        refuses=[404],
    )
    def get(self, request: Request, slug: str) -> Response:
        viewer = viewer_of(request)
        topic = reading.topics_shown_to(viewer).filter(slug=slug[:80]).first()
        if topic is None:
            raise Http404
        query = query_of(request, TopicQuery)
        page = reading.topic_page(
            topic, viewer=viewer, order=query["order"], cursor=query.get("cursor")
        )
        return page_answer(request, page)
