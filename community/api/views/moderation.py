"""Reports of one's own, decisions against oneself, and the appeal."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.services import person_for
from community.api import moderation_shapes as shapes
from community.api.serializers import ReportAnswer, ReportBody
from community.moderation import appeals, rules
from community.moderation.models import Appeal, Decision, Report
from community.moderation.reports import report_person, withdraw_report, withdraw_report_about


class ReportPersonView(MembersView):
    @describe(
        "report_person",
        "Report somebody to the staff",
        body=ReportBody,
        answer=ReportAnswer,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, username: str) -> Response:
        person = person_for(actor_of(request), username)  # refused before the body is looked at
        body = body_of(request, ReportBody)
        report = report_person(reporter=actor_of(request), person_id=person.pk, **body)
        return Response({"reported": True, "reason": report.reason}, status=201)

    @describe("withdraw_report_of_person", "Withdraw that report", status=204, refuses=[404])
    def delete(self, request: Request, username: str) -> Response:
        me = actor_of(request)
        person = person_for(me, username)
        withdraw_report_about(reporter=me, kind="person", pk=person.pk)
        return Response(status=204)


class MyReportsView(MembersView):
    @describe(
        "list_my_reports",
        "Your reports and what became of them, newest first",
        query=PageQuery,
        answer=pages_of(shapes.MyReport),
    )
    def get(self, request: Request) -> Response:
        mine = Report.objects.filter(reporter=actor_of(request))
        columns = (
            "pk", "note_id", "comment_id", "person__username", "reason", "words", "outcome",
            "created_at", "settled_at",
        )  # fmt: skip
        rows, following = page_of(
            request,
            mine.values(*columns),
            order=("-created_at", "-pk"),
            **query_of(request, PageQuery),
        )
        return Response({"results": [_report(row) for row in rows], "next": following})


class MyReportView(MembersView):
    @describe("withdraw_report", "Withdraw a report of yours", status=204, refuses=[404])
    def delete(self, request: Request, report_id: int) -> Response:
        withdraw_report(reporter=actor_of(request), report_id=report_id)
        return Response(status=204)


class MyDecisionsView(MembersView):
    @describe(
        "list_my_decisions",
        "What staff decided about you and what you wrote, newest first",
        query=PageQuery,
        answer=pages_of(shapes.MyDecision),
    )
    def get(self, request: Request) -> Response:
        mine = Decision.objects.against(actor_of(request).pk)
        rows, following = page_of(
            request, mine.values("pk"), order=("-decided_at", "-pk"), **query_of(request, PageQuery)
        )
        found = Decision.objects.select_related("guideline", "appeal").in_bulk(
            [row["pk"] for row in rows]
        )
        return Response(
            {"results": [decision_json(found[row["pk"]]) for row in rows], "next": following}
        )


class DecisionView(MembersView):
    @describe("get_decision", "A decision about you", answer=shapes.MyDecision, refuses=[404])
    def get(self, request: Request, decision_id: int) -> Response:
        return Response(decision_json(appeals.decision_for(actor_of(request), decision_id)))


class AppealView(MembersView):
    @describe(
        "appeal_decision",
        "Appeal against a decision: once, within 20 days",
        body=shapes.AppealBody,
        answer=shapes.MyDecision,
        status=201,
        refuses=[404, 409],
    )
    def post(self, request: Request, decision_id: int) -> Response:
        me = actor_of(request)
        appeals.decision_for(me, decision_id)  # refused before the body is looked at
        body = body_of(request, shapes.AppealBody)
        appeals.appeal(by=me, decision_id=decision_id, words=body["words"])
        return Response(decision_json(appeals.decision_for(me, decision_id)), status=201)


def decision_json(decision: Decision) -> dict[str, Any]:
    appeal: Appeal | None = getattr(decision, "appeal", None)
    rule = decision.guideline
    return {
        "id": decision.pk,
        "act": decision.act,
        "about": decision.about,
        "note": decision.note_id,
        "comment": decision.comment_id,
        "rule": {"code": rule.code, "name": rule.name, "text": rule.text} if rule else None,
        "label": decision.label,
        "words": decision.reason,
        "decided_at": decision.decided_at,
        "ends_at": decision.ends_at,
        "ended_at": decision.ended_at,
        "ended_as": decision.ended_as,
        "appeal_until": decision.decided_at + rules.APPEAL_WITHIN,
        "may_appeal": not appeals.why_not(decision, now=timezone.now()),
        "appeal": {
            "words": appeal.words,
            "state": appeal.state,
            "answer": appeal.answer,
            "appealed_at": appeal.appealed_at,
            "reviewed_at": appeal.reviewed_at,
        }
        if appeal
        else None,
    }


def _report(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "note": row["note_id"],
        "comment": row["comment_id"],
        "person": row["person__username"],
        "reason": row["reason"],
        "words": row["words"],
        "outcome": row["outcome"] or "open",
        "created_at": row["created_at"],
        "settled_at": row["settled_at"],
    }
