"""Creators and collaborations for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, StrictText, Whole, body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.errors import Invalid, NotFound
from community.api.once import answered_once
from community.api.serializers import MAX_ID
from feeds.api.views.insights import TotalsShape
from feeds.collaborations import directory, services
from feeds.collaborations.directory import SORTS, Wanted
from feeds.collaborations.models import Collaboration, Creator
from feeds.collaborations.report import report_on
from feeds.collaborations.rules import LONGEST_BRIEF, LONGEST_WORDS, TIERS, State, acts_of
from feeds.collaborations.services import Terms

Shape = serializers.Serializer[Any]
WHOLE_MOST = 10**15


# ---------------------------------------------------------------- shapes
class CreatorsQuery(PageQuery):
    field = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="Slug of a channel."
    )
    tier = serializers.ChoiceField(
        choices=["", *(tier.code for tier in TIERS)], default="", allow_blank=True
    )
    city = serializers.CharField(max_length=80, default="", allow_blank=True)
    price = serializers.IntegerField(
        min_value=1, max_value=WHOLE_MOST, required=False, help_text="At most, in minor units."
    )
    sort = serializers.ChoiceField(choices=sorted(SORTS), default="reach")


class CreatorShape(Shape):
    username = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField()
    city = serializers.CharField()
    fields_of = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    price = serializers.IntegerField(allow_null=True, help_text="null: to be agreed.")
    tier = serializers.CharField()
    followers = serializers.IntegerField()
    reach = serializers.IntegerField(help_text="Sights in four weeks, paid places left out.")
    engagement = serializers.FloatField(help_text="Acts for each sight.")


class OfferBody(Shape):
    brand = StrictText(max_length=60, help_text="Its handle.")
    creator = StrictText(max_length=60)
    title = StrictText(max_length=100)
    brief = StrictText(max_length=LONGEST_BRIEF)
    price = Whole(min_value=-WHOLE_MOST, max_value=WHOLE_MOST, help_text="Minor units.")
    draft_by = serializers.DateField()


class ActBody(Shape):
    """What an act needs of: words, the price or the revision one saw, other terms, a draft."""

    words = StrictText(max_length=LONGEST_WORDS, required=False, allow_blank=True)
    price = Whole(min_value=-WHOLE_MOST, max_value=WHOLE_MOST, required=False)
    draft_by = serializers.DateField(required=False)
    note = Whole(min_value=1, max_value=MAX_ID, required=False)
    revision = Whole(min_value=0, max_value=MAX_ID, required=False)


class CollaborationStepShape(Shape):
    act = serializers.CharField()
    by = serializers.CharField(allow_null=True, help_text="null: by itself.")
    words = serializers.CharField()
    price = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class CollaborationReportShape(Shape):
    totals = TotalsShape()
    paid = TotalsShape(help_text="Of these, in places that were paid for beside.")


class CollaborationShape(Shape):
    id = serializers.IntegerField()
    brand = serializers.CharField()
    creator = serializers.CharField()
    title = serializers.CharField()
    brief = serializers.CharField()
    price = serializers.IntegerField()
    draft_by = serializers.DateField()
    state = serializers.ChoiceField(choices=[str(state) for state in State])
    due_at = serializers.DateTimeField(allow_null=True, help_text="When something happens itself.")
    note = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    acts = serializers.ListField(child=serializers.CharField(), help_text="What you can do now.")
    steps = CollaborationStepShape(many=True)
    report = CollaborationReportShape(allow_null=True)


# ---------------------------------------------------------------- views
class CreatorsView(MembersView):
    @describe(
        "list_creators",
        "Creators who agreed to be found",
        query=CreatorsQuery,
        answer=pages_of(CreatorShape),
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, CreatorsQuery)
        limit, cursor = query.pop("limit"), query.pop("cursor")
        found = directory.find(actor_of(request), Wanted(**query))
        found = found.prefetch_related("fields__channel")
        rows, following = page_of(
            request, found, order=SORTS[query["sort"]], limit=limit, cursor=cursor
        )
        return Response({"results": [_creator(row) for row in rows], "next": following})


class CollaborationsView(MembersView):
    @describe(
        "list_collaborations",
        "Yours and your brands', newest first",
        query=PageQuery,
        answer=pages_of(CollaborationShape),
    )
    def get(self, request: Request) -> Response:
        query, person = query_of(request, PageQuery), actor_of(request)
        found = Collaboration.objects.of(person).prefetch_related("steps__by")
        rows, following = page_of(request, found, order=("-pk",), **query)
        return Response({"results": [_shown(request, row.pk) for row in rows], "next": following})

    @describe(
        "offer_collaboration",
        "Offer a creator a price for a note",
        body=OfferBody,
        answer=CollaborationShape,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[403, 404, 409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, OfferBody)
        brand, creator = body.pop("brand"), body.pop("creator")

        def make() -> tuple[int, dict[str, Any]]:
            made = services.offer(
                by=actor_of(request), brand_slug=brand, creator=creator, terms=Terms(**body),
                now=timezone.now(),
            )  # fmt: skip
            return 201, _shown(request, made.pk)

        return answered_once(request, request.data, make)


class CollaborationView(MembersView):
    @describe("get_collaboration", "One of them", answer=CollaborationShape, refuses=[404])
    def get(self, request: Request, pk: int) -> Response:
        return Response(_shown(request, pk))


class CollaborationActView(MembersView):
    @describe(
        "act_on_collaboration",
        "Counter, accept, decline, withdraw, hand in, ask for changes, approve, publish or cancel",
        body=ActBody,
        answer=CollaborationShape,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, pk: int, name: str) -> Response:
        if name not in ACTS:
            raise NotFound
        do, needs = ACTS[name]
        services.for_person(actor_of(request), pk)  # before the body is looked at
        body = body_of(request, ActBody)
        missing = next((field for field in needs.values() if field not in body), None)
        if missing is not None:
            raise Invalid(field=missing, code="required")
        facts = {keyword: body[field] for keyword, field in needs.items()}
        do(by=actor_of(request), pk=pk, now=timezone.now(), **facts)
        return Response(_shown(request, pk))


# By name in the address: the service, and its keywords by field of the body.
ACTS: dict[str, tuple[Callable[..., Collaboration], dict[str, str]]] = {
    "counter": (services.counter, {"price": "price", "draft_by": "draft_by", "words": "words"}),
    "accept": (services.accept, {"seen_price": "price"}),
    "decline": (services.decline, {}),
    "withdraw": (services.withdraw, {}),
    "hand-in": (services.hand_in, {"note_id": "note"}),
    "ask-changes": (services.ask_changes, {"words": "words"}),
    "approve": (services.approve, {"seen_revision": "revision"}),
    "publish": (services.publish, {}),
    "cancel": (services.cancel, {"words": "words"}),
}


# ---------------------------------------------------------------- rows
def _creator(row: Creator) -> dict[str, Any]:
    return {
        "username": row.person.username,
        "name": row.person.profile.name,
        "fields_of": [field.channel.slug for field in row.fields.all()],
        **{
            name: getattr(row, name)
            for name in ("about", "city", "price", "tier", "followers", "reach", "engagement")
        },
    }


def _shown(request: Request, pk: int) -> dict[str, Any]:
    found, side = services.for_person(actor_of(request), pk)
    report = report_on(found)
    return {
        "id": found.pk,
        "brand": found.brand.slug,
        "creator": found.creator.username,
        **{name: getattr(found, name) for name in ("title", "brief", "price", "state", "revision")},
        "draft_by": found.draft_by.isoformat(),
        "due_at": _iso(found.due_at),
        "note": found.note_id,
        "acts": [str(act).replace("_", "-") for act in acts_of(side, State(found.state))],
        "steps": [
            {
                "act": step.act,
                "by": step.by.username if step.by else None,
                "words": step.words,
                "price": step.price,
                "at": _iso(step.at),
            }
            for step in found.steps.select_related("by").order_by("pk")
        ],
        "report": {"totals": asdict(report.totals), "paid": asdict(report.paid)}
        if report
        else None,
    }


def _iso(moment: datetime | None) -> str | None:
    """As text: answers of idempotent requests are kept as JSON."""
    return moment.isoformat() if moment else None
