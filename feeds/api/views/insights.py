"""The studio for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import query_of
from accounts.api.schema import describe
from community.services.access import own_note
from feeds.insights.accounts import account_insights
from feeds.insights.notes import TagMatch, note_insights
from feeds.insights.reading import SPANS, Course, People, Span, span_of
from feeds.insights.rules import Advice, TagVerdict
from feeds.insights.wording import hint_text

Shape = serializers.Serializer[Any]


# ---------------------------------------------------------------- shapes
class InsightsQuery(Shape):
    days = serializers.ChoiceField(choices=[str(days) for days in SPANS], default="28")


class TotalsShape(Shape):
    impressions = serializers.IntegerField()
    opens = serializers.IntegerField()
    reads = serializers.IntegerField(help_text="Dwells long enough to be a read.")
    dwell_seconds = serializers.FloatField()
    likes = serializers.IntegerField(help_text="Less those taken back, so it may be below 0.")
    collects = serializers.IntegerField(help_text="Less those taken back.")
    comments = serializers.IntegerField()
    shares = serializers.IntegerField()
    follows = serializers.IntegerField()
    hides = serializers.IntegerField()


class InsightDayShape(TotalsShape):
    day = serializers.DateField(help_text="In your time zone.")


class InsightFeedShape(TotalsShape):
    feed = serializers.CharField(help_text='"" where no feed brought them.')


class AudienceGroupShape(Shape):
    value = serializers.CharField()
    seen = serializers.IntegerField(help_text="Different people.")
    opened = serializers.IntegerField()
    score = serializers.FloatField(help_text="Points of engagement.")


class PeopleShape(Shape):
    cities = AudienceGroupShape(many=True)
    interests = AudienceGroupShape(many=True)
    ties = AudienceGroupShape(many=True, help_text="follower, returning, new.")
    hidden = serializers.IntegerField(help_text="Groups too small to be shown.")


class InsightHourShape(Shape):
    weekday = serializers.IntegerField(help_text="0 is Monday.")
    hour = serializers.IntegerField()
    opens = serializers.IntegerField()


class TagShape(Shape):
    name = serializers.CharField()
    interested = serializers.IntegerField(help_text="People interested in the tag.")
    met = AudienceGroupShape(
        allow_null=True, help_text="Of them, who met the note; null for a few."
    )
    verdict = serializers.ChoiceField(choices=[str(verdict) for verdict in TagVerdict])


class ComparedShape(Shape):
    name = serializers.CharField()
    value = serializers.FloatField()
    median = serializers.FloatField()
    above = serializers.FloatField(help_text="Share of similar notes below it.")


class HintShape(Shape):
    advice = serializers.ChoiceField(choices=[str(advice) for advice in Advice])
    text = serializers.CharField()
    evidence = serializers.DictField()


class ProductClicksOfNoteShape(Shape):
    product = serializers.IntegerField()
    name = serializers.CharField()
    clicks = serializers.IntegerField()


class InsightsShape(Shape):
    since = serializers.DateField()
    until = serializers.DateField()
    totals = TotalsShape()
    before = TotalsShape(help_text="Of as many days before.")
    days = InsightDayShape(many=True)
    feeds = InsightFeedShape(many=True)
    people = PeopleShape()
    hours = InsightHourShape(many=True)


class NoteInsightsShape(InsightsShape):
    tags = TagShape(many=True)
    usual = serializers.FloatField(
        help_text="Points for each reader that are usual in the channel."
    )
    similar = serializers.IntegerField(help_text="Notes it is compared with.")
    compared = ComparedShape(many=True)
    hints = HintShape(many=True)
    clicks = ProductClicksOfNoteShape(
        many=True, help_text="To shops of products, by readers who came from the note."
    )


class CohortShape(Shape):
    week = serializers.DateField(help_text="Its Monday.")
    gained = serializers.IntegerField()
    stayed = serializers.IntegerField()


class FollowersDayShape(Shape):
    day = serializers.DateField(help_text="In your time zone.")
    gained = serializers.IntegerField()
    lost = serializers.IntegerField()


class AccountInsightsShape(InsightsShape):
    gained = serializers.IntegerField(help_text="Followers.")
    lost = serializers.IntegerField()
    followers = FollowersDayShape(many=True)
    best_hours = serializers.ListField(child=serializers.IntegerField())
    cohorts = CohortShape(many=True)


# ---------------------------------------------------------------- views
class AccountInsightsView(MembersView):
    @describe(
        "get_insights",
        "What became of all your notes",
        query=InsightsQuery,
        answer=AccountInsightsShape,
    )
    def get(self, request: Request) -> Response:
        author, now = actor_of(request), timezone.now()
        span = span_of(author, _days(request), now=now)
        found = account_insights(author, span, now=now)
        return Response(
            _shared(span, found.course, found.people, found.hours)
            | {
                "gained": found.gained,
                "lost": found.lost,
                "followers": [
                    {"day": day, "gained": came, "lost": went} for day, came, went in found.follows
                ],
                "best_hours": found.best,
                "cohorts": [asdict(cohort) for cohort in found.cohorts],
            }
        )


class NoteInsightsView(MembersView):
    @describe(
        "get_note_insights",
        "What became of your note",
        query=InsightsQuery,
        answer=NoteInsightsShape,
        refuses=[403, 404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        author, now = actor_of(request), timezone.now()
        note, span = own_note(author, note_id), span_of(author, _days(request), now=now)
        found = note_insights(note, span, author=author, now=now)
        return Response(
            _shared(span, found.course, found.people, found.hours)
            | {
                "tags": [_tag(match) for match in found.tags],
                "usual": found.usual,
                "similar": found.similar,
                "compared": [asdict(each) for each in found.compared],
                "hints": [
                    {
                        "advice": str(hint.advice),
                        "text": hint_text(hint),
                        "evidence": dict(hint.evidence),
                    }
                    for hint in found.hints
                ],
                "clicks": [
                    {"product": product, "name": name, "clicks": clicks}
                    for name, product, clicks in found.clicks
                ],
            }
        )


def _days(request: Request) -> int:
    return int(query_of(request, InsightsQuery)["days"])


def _shared(
    span: Span, course: Course, people: People, hours: dict[tuple[int, int], int]
) -> dict[str, Any]:
    return {
        "since": span.since,
        "until": span.until,
        "totals": asdict(course.totals),
        "before": asdict(course.before),
        "days": [{"day": day, **asdict(totals)} for day, totals in course.days],
        "feeds": [{"feed": feed, **asdict(totals)} for feed, totals in course.feeds],
        "people": {
            "cities": [asdict(group) for group in people.cities],
            "interests": [asdict(group) for group in people.tags],
            "ties": [asdict(group) for group in people.ties],
            "hidden": people.hidden,
        },
        "hours": [
            {"weekday": weekday, "hour": hour, "opens": opens}
            for (weekday, hour), opens in sorted(hours.items())
        ],
    }


def _tag(match: TagMatch) -> dict[str, Any]:
    return {
        "name": match.name,
        "interested": match.interested,
        "met": asdict(match.group) if match.group else None,
        "verdict": str(match.verdict),
    }
