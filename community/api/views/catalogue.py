"""Channels, tag suggestions, places, and the channels a person chose as interests."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.reading import body_of, query_of
from accounts.api.schema import describe
from accounts.errors import Invalid, NotFound
from accounts.models import ChosenInterest, User
from accounts.services import choose_interests
from community.api import serializers as shapes
from community.api.note_rows import place_json
from community.forms import Words
from community.models import Channel
from community.services.channel_guess import guess_channel
from community.services.related_tags import related_to
from community.services.suggestions import Offer, suggest
from community.text.hashtags import tag_key
from community.views.known import places_known_to, public_tag_keys, tags_known_to

MOST_PLACES = 20


class ChannelsView(ApiView):
    @describe("list_channels", "The channels, two levels", answer=shapes.ChannelList)
    def get(self, request: Request) -> Response:
        below: dict[int | None, list[Channel]] = defaultdict(list)
        for channel in Channel.objects.open():
            below[channel.parent_id].append(channel)
        tree = [
            _channel_json(top) | {"children": [_channel_json(child) for child in below[top.pk]]}
            for top in below[None]
        ]
        return Response({"results": tree})


def _channel_json(channel: Channel) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in ("slug", "name", "name_en", "name_zh")}


class TagSuggestionsView(ApiView):
    @describe(
        "suggest_tags",
        "Tags that a title and a text suggest, each with why",
        query=shapes.SuggestQuery,
        answer=shapes.SuggestedTags,
    )
    def get(self, request: Request) -> Response:
        text = query_of(request, shapes.SuggestQuery)
        offers = suggest(
            title=text["title"],
            body=text["body"],
            chosen=Words.split(text["chosen"]),
            known=public_tag_keys(),
            viewer=viewer_of(request),
        )
        best = max((offer.score for offer in offers), default=1.0)
        return Response({"results": [_offer_json(offer, best) for offer in offers]})


def _offer_json(offer: Offer, best: float) -> dict[str, Any]:
    fields = {name: getattr(offer, name) for name in ("name", "kind", "why", "reason")}
    return fields | {"score": round(offer.score / best, 4)}


class ChannelSuggestionView(ApiView):
    @describe(
        "suggest_channel",
        "The channel that a title and a text sound like; null when unsure",
        query=shapes.WordsQuery,
        answer=shapes.SuggestedChannel,
    )
    def get(self, request: Request) -> Response:
        text = query_of(request, shapes.WordsQuery)
        guess = guess_channel(title=text["title"], body=text["body"])
        if guess is None:
            return Response({"channel": None, "chance": None})
        return Response({"channel": _channel_json(guess.channel), "chance": round(guess.chance, 4)})


class RelatedTagsView(ApiView):
    @describe(
        "list_related_tags",
        "Tags that go with a tag, closest first",
        answer=shapes.RelatedTags,
        refuses=[404],
    )
    def get(self, request: Request, key: str) -> Response:
        """A tag nobody uses and one that only hidden notes carry look alike: not found."""
        viewer = viewer_of(request)
        tag = tags_known_to(viewer).filter(key=tag_key(key)).first()
        if tag is None:
            raise NotFound
        found = related_to(tag, viewer=viewer)
        return Response({"results": [{"key": tag.key, "name": tag.name} for tag in found]})


class PlacesView(ApiView):
    @describe(
        "find_places",
        "Places by name or city, at most 20",
        query=shapes.PlaceQuery,
        answer=shapes.PlaceList,
    )
    def get(self, request: Request) -> Response:
        """Only places of notes that the viewer may be shown: others may be somebody's home."""
        text = query_of(request, shapes.PlaceQuery)["q"]
        known = places_known_to(viewer_of(request))
        places = known.filter(Q(name__icontains=text) | Q(city__icontains=text)).order_by(
            "name", "pk"
        )
        columns = ("id", "name", "city", "latitude", "longitude")
        return Response(
            {"results": [place_json(row) for row in places.values(*columns)[:MOST_PLACES]]}
        )


class InterestsView(MembersView):
    @describe("get_interests", "The channels you chose", answer=shapes.Interests)
    def get(self, request: Request) -> Response:
        return Response(_interests_json(actor_of(request)))

    @describe(
        "choose_interests",
        "Choose at least three channels",
        body=shapes.InterestsBody,
        answer=shapes.Interests,
    )
    def put(self, request: Request) -> Response:
        slugs = body_of(request, shapes.InterestsBody)["channels"]
        known = set(Channel.objects.open().filter(slug__in=slugs).values_list("slug", flat=True))
        if unknown := [slug for slug in slugs if slug not in known]:
            raise Invalid(
                _("There is no such channel: %(slug)s.") % {"slug": unknown[0]}, field="channels"
            )
        choose_interests(person=actor_of(request), slugs=slugs)
        return Response(_interests_json(actor_of(request)))


def _interests_json(person: User) -> dict[str, Any]:
    chosen = ChosenInterest.objects.filter(person=person).order_by("pk")
    return {"channels": list(chosen.values_list("channel_slug", flat=True))}
