"""Campaigns for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.reading import query_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from feeds.api import serializers as shapes
from feeds.api.serializers import Shape
from feeds.api.views.insights import TotalsShape
from feeds.campaigns import reading, services
from feeds.campaigns.report import report_on
from feeds.campaigns.rules import Phase

from .pages import page_answer


class PrizeShape(Shape):
    name = serializers.CharField()
    winners = serializers.IntegerField()


class CampaignShape(Shape):
    slug = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    rules = serializers.CharField()
    brand = serializers.CharField(allow_null=True, help_text="Handle; null: the community's own.")
    tags = serializers.ListField(
        child=serializers.CharField(), help_text="Who publishes with one of them takes part."
    )
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    phase = serializers.ChoiceField(choices=[str(phase) for phase in Phase])
    final = serializers.BooleanField(help_text="Whether its ranking is final.")
    prizes = PrizeShape(many=True)


class CampaignsShape(Shape):
    results = CampaignShape(many=True)


class CampaignNotesQuery(shapes.CursorQuery):
    order = serializers.ChoiceField(choices=["ranked", "newest"], default="ranked")


class CampaignDayShape(Shape):
    day = serializers.DateField()
    entries = serializers.IntegerField()
    totals = TotalsShape()


class CampaignReportShape(Shape):
    entries = serializers.IntegerField()
    authors = serializers.IntegerField()
    newcomers = serializers.IntegerField(help_text="Authors who had published nothing before.")
    totals = TotalsShape()
    paid = TotalsShape(help_text="Of these, in places that were paid for.")
    days = CampaignDayShape(many=True)
    clicks = serializers.IntegerField(allow_null=True, help_text="On the brand's products.")


class CampaignsView(ApiView):
    @describe("list_campaigns", "On now, coming and over lately", answer=CampaignsShape)
    def get(self, request: Request) -> Response:
        parts = reading.campaigns_listed(now=timezone.now())
        rows = [_campaign(request, each) for some in parts.values() for each in some]
        return Response({"results": rows})


class CampaignView(ApiView):
    @describe("get_campaign", "One campaign", answer=CampaignShape, refuses=[404])
    def get(self, request: Request, slug: str) -> Response:
        return Response(_campaign(request, reading.shown_campaign(slug, now=timezone.now())))


class CampaignNotesView(ApiView):
    @describe(
        "campaign_notes",
        "Its notes, ranked or newest first",
        query=CampaignNotesQuery,
        answer=shapes.CardPage,
        refuses=[404],
    )
    def get(self, request: Request, slug: str) -> Response:
        query, now = query_of(request, CampaignNotesQuery), timezone.now()
        found = reading.shown_campaign(slug, now=now).campaign
        page = reading.campaign_page(
            found, viewer=viewer_of(request), order=query["order"],
            cursor=query.get("cursor") or None, now=now,
        )  # fmt: skip
        return page_answer(request, page)


class CampaignReportView(MembersView):
    @describe(
        "campaign_report",
        "What came of a campaign that you run",
        answer=CampaignReportShape,
        refuses=[404],
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        found, now = services.for_person(actor_of(request), campaign_id), timezone.now()
        report = report_on(found, zone=timezone.get_current_timezone(), now=now)
        names = ("entries", "authors", "newcomers", "clicks")
        return Response(
            {name: getattr(report, name) for name in names}
            | {
                "totals": asdict(report.totals),
                "paid": asdict(report.paid),
                "days": [
                    {
                        "day": day,
                        "entries": report.entries_of_day.get(day, 0),
                        "totals": asdict(totals),
                    }
                    for day, totals in report.days
                ],
            }
        )


def _campaign(request: Request, shown: reading.Shown) -> dict[str, Any]:
    found = shown.campaign
    return {
        "slug": found.slug,
        "url": site_address(request).rstrip("/") + found.get_absolute_url(),
        "title": found.title,
        "about": found.about,
        "rules": found.rules_text,
        "brand": found.brand.slug if found.brand else None,
        "tags": [tag.name for tag in shown.tags],
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "phase": str(shown.phase),
        "final": found.closed_at is not None,
        "prizes": [{"name": p.name, "winners": p.winners} for p in found.prizes.all()],
    }
