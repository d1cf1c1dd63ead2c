"""Boosts for programs: order, list, watch, pause, go on, stop, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, StrictText, TrueOrFalse, Whole, body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.errors import Invalid
from community.api.once import answered_once
from community.api.serializers import MAX_ID
from community.models import Channel, Tag
from community.text.hashtags import tag_key
from feeds.boosts import services
from feeds.boosts.checking import MOST_CHOSEN
from feeds.boosts.models import Boost
from feeds.boosts.report import report_on
from feeds.boosts.rules import FOLLOWERS, Audience, Reason
from feeds.boosts.services import Wanted
from feeds.boosts.wording import STEPS

Shape = serializers.Serializer[Any]
WHOLE_MOST = 10**12


# ---------------------------------------------------------------- shapes
class AudienceShape(Shape):
    """Everybody where all of it is empty; any of the channels and tags, and the rest."""

    channels = serializers.ListField(
        child=StrictText(max_length=60), required=False, max_length=MOST_CHOSEN, help_text="Slugs."
    )
    tags = serializers.ListField(
        child=StrictText(max_length=100), required=False, max_length=MOST_CHOSEN
    )
    city = StrictText(max_length=80, required=False, allow_blank=True)
    followers = serializers.ChoiceField(choices=FOLLOWERS, required=False)


class NewBoostBody(Shape):
    note = Whole(min_value=1, max_value=MAX_ID)
    impressions = Whole(min_value=-WHOLE_MOST, max_value=WHOLE_MOST)
    starts_at = StrictText(max_length=40, required=False, help_text="RFC 3339; now if left out.")
    ends_at = StrictText(max_length=40, help_text="RFC 3339.")
    daily_cap = Whole(min_value=-WHOLE_MOST, max_value=WHOLE_MOST, required=False)
    audience = AudienceShape(required=False)
    pay = TrueOrFalse(default=True, help_text="false: write it down, to look at its price.")


class StepShape(Shape):
    state = serializers.CharField()
    reason = serializers.CharField()
    text = serializers.CharField()
    remark = serializers.CharField(help_text="What the reviewer wrote.")
    at = serializers.DateTimeField()


class BoostShape(Shape):
    """Amounts are in minor units of the community's money."""

    id = serializers.IntegerField()
    note = serializers.IntegerField(allow_null=True, help_text="null where it is gone.")
    title = serializers.CharField()
    state = serializers.CharField(
        help_text="draft, waiting, running, paused, stopped, finished, refused or expired."
    )
    impressions = serializers.IntegerField()
    delivered = serializers.IntegerField()
    per_thousand = serializers.IntegerField(help_text="0 before it is paid.")
    total = serializers.IntegerField(help_text="Held when it was paid.")
    charged = serializers.IntegerField()
    refunded = serializers.IntegerField()
    audience = AudienceShape()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    daily_cap = serializers.IntegerField(allow_null=True)
    time_zone = serializers.CharField(help_text="Whose days a daily cap counts.")
    created_at = serializers.DateTimeField()
    steps = StepShape(many=True)


class FigureShape(Shape):
    name = serializers.CharField(help_text="impressions, opens, likes, collects, …")
    count = serializers.IntegerField(help_text="Of the readers reached, each once.")
    cost_each = serializers.IntegerField(
        allow_null=True, help_text="In minor units, rounded to the nearest."
    )


class DayShape(Shape):
    day = serializers.DateField()
    impressions = serializers.IntegerField()


class BoostReportShape(Shape):
    impressions = serializers.IntegerField()
    free = serializers.IntegerField(help_text="Views that were not charged.")
    spent = serializers.IntegerField()
    figures = FigureShape(many=True)
    days = DayShape(many=True)


# ---------------------------------------------------------------- views
class BoostsView(MembersView):
    @describe(
        "list_boosts", "Your boosts, newest first", query=PageQuery, answer=pages_of(BoostShape)
    )
    def get(self, request: Request) -> Response:
        query = query_of(request, PageQuery)
        orders = Boost.objects.of(actor_of(request)).prefetch_related("steps")
        rows, following = page_of(request, orders, order=("-pk",), **query)
        return Response({"results": [boost_json(row) for row in rows], "next": following})

    @describe(
        "create_boost",
        "Order impressions of your note, and pay for them",
        body=NewBoostBody,
        answer=BoostShape,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[403, 404, 409],
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, NewBoostBody)
        return answered_once(request, request.data, lambda: (201, _create(request, body)))


def _create(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    now, buyer = timezone.now(), actor_of(request)
    wanted = Wanted(
        impressions=body["impressions"],
        starts_at=_moment(body["starts_at"], "starts_at") if "starts_at" in body else now,
        ends_at=_moment(body["ends_at"], "ends_at"),
        audience=_audience(body.get("audience") or {}),
        daily_cap=body.get("daily_cap"),
    )
    with transaction.atomic():
        order = services.save_order(buyer=buyer, note_id=body["note"], wanted=wanted, now=now)
        if body["pay"]:
            order = services.pay(buyer=buyer, boost_id=order.pk, seen_total=None, now=now)
    return boost_json(order)


class BoostView(MembersView):
    @describe("get_boost", "One of your boosts", answer=BoostShape, refuses=[404])
    def get(self, request: Request, boost_id: int) -> Response:
        return Response(boost_json(services.own_boost(actor_of(request), boost_id)))


class _ActView(MembersView):
    def act_on(self, request: Request, boost_id: int, act: Callable[..., Boost]) -> Response:
        order = act(buyer=actor_of(request), boost_id=boost_id, now=timezone.now())
        return Response(boost_json(order))


class PayBoostView(_ActView):
    @describe("pay_boost", "Pay what was written down", answer=BoostShape, refuses=[400, 404, 409])
    def post(self, request: Request, boost_id: int) -> Response:
        def pay(**facts: Any) -> Boost:
            return services.pay(**facts, seen_total=None)

        return self.act_on(request, boost_id, pay)


class PauseBoostView(_ActView):
    @describe("pause_boost", "Pause it", answer=BoostShape, refuses=[404, 409])
    def post(self, request: Request, boost_id: int) -> Response:
        return self.act_on(request, boost_id, services.pause)


class ResumeBoostView(_ActView):
    @describe("resume_boost", "Let it go on", answer=BoostShape, refuses=[404, 409])
    def post(self, request: Request, boost_id: int) -> Response:
        return self.act_on(request, boost_id, services.resume)


class StopBoostView(_ActView):
    @describe("stop_boost", "Stop it and take the rest back", answer=BoostShape, refuses=[404, 409])
    def post(self, request: Request, boost_id: int) -> Response:
        return self.act_on(request, boost_id, services.stop)


class BoostReportView(MembersView):
    @describe("boost_report", "What came of it", answer=BoostReportShape, refuses=[404])
    def get(self, request: Request, boost_id: int) -> Response:
        report = asdict(report_on(services.own_boost(actor_of(request), boost_id)))
        days = [{"day": day, "impressions": count} for day, count in report.pop("days")]
        return Response(report | {"days": days})


# ---------------------------------------------------------------- reading and writing
def _moment(text: str, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and 2000 <= moment.year < 3000:
            return moment
    except ValueError:
        pass
    raise Invalid(_("Times are written like 2026-01-31T12:00:00Z."), field=field)


def _audience(sent: dict[str, Any]) -> Audience:
    """Slugs and names as rows. Raises Invalid for what does not exist."""
    slugs, keys = set(sent.get("channels", ())), {tag_key(name) for name in sent.get("tags", ())}
    channels = Channel.objects.open().filter(slug__in=slugs).values_list("pk", flat=True)
    tags = Tag.objects.filter(key__in=keys).shown().values_list("pk", flat=True)
    if len(channels) != len(slugs):
        raise Invalid(_("There is no such channel."), field="audience")
    if len(tags) != len(keys):
        raise Invalid(_("There is no such tag."), field="audience")
    return Audience(
        frozenset(channels), frozenset(tags), sent.get("city", ""), sent.get("followers", "all")
    )


def boost_json(order: Boost) -> dict[str, Any]:
    wants = order.wants
    return {
        "id": order.pk,
        "note": order.note_id,
        "title": order.title,
        "state": order.state,
        **{
            name: getattr(order, name)
            for name in (
                "impressions", "delivered", "per_thousand", "total", "charged", "refunded",
                "starts_at", "ends_at", "daily_cap", "created_at",
            )
        },
        "time_zone": order.zone,
        "audience": {
            "channels": list(
                Channel.objects.filter(pk__in=wants.channels).values_list("slug", flat=True)
            ),
            "tags": list(
                Tag.objects.filter(pk__in=wants.tags).shown().values_list("name", flat=True)
            ),
            "city": wants.city,
            "followers": wants.followers,
        },
        "steps": [
            {
                "state": step.state,
                "reason": step.reason,
                "text": STEPS[Reason(step.reason)],
                "remark": step.remark,
                "at": step.at,
            }
            for step in order.steps.all()
        ],
    }  # fmt: skip
