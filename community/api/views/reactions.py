"""Like, collect, share, report: PUT does, DELETE takes back, both may be repeated."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from community.api import serializers as shapes
from community.models import Comment, NoteStats
from community.moderation.reports import report_comment, report_note, withdraw_report_about
from community.services import reactions
from community.services.access import comment_for, note_for
from community.services.sharing import share_note, unshare_note


class LikeView(MembersView):
    @describe("like_note", "Like a note", answer=shapes.LikeState, refuses=[404])
    def put(self, request: Request, note_id: int) -> Response:
        reactions.like_note(person=actor_of(request), note_id=note_id)
        return Response({"liked": True, "likes": _stats(note_id).likes})

    @describe("unlike_note", "Take a like back", status=204, refuses=[404])
    def delete(self, request: Request, note_id: int) -> Response:
        reactions.unlike_note(person=actor_of(request), note_id=note_id)
        return Response(status=204)


class CollectView(MembersView):
    @describe("collect_note", "Keep a note for later", answer=shapes.CollectState, refuses=[404])
    def put(self, request: Request, note_id: int) -> Response:
        reactions.collect_note(person=actor_of(request), note_id=note_id)
        return Response({"collected": True, "collects": _stats(note_id).collects})

    @describe("uncollect_note", "Keep it no longer", status=204, refuses=[404])
    def delete(self, request: Request, note_id: int) -> Response:
        reactions.uncollect_note(person=actor_of(request), note_id=note_id)
        return Response(status=204)


class ShareView(MembersView):
    @describe("share_note", "Your share link to a note", answer=shapes.ShareLink, refuses=[404])
    def put(self, request: Request, note_id: int) -> Response:
        share = share_note(person=actor_of(request), note_id=note_id)
        return Response(
            {
                "url": site_address(request) + reverse("shared", args=[share.token]),
                "token": share.token,
                "visits": share.visits,
                "shares": _stats(note_id).shares,
            }
        )

    @describe("unshare_note", "Withdraw your share link", status=204, refuses=[404])
    def delete(self, request: Request, note_id: int) -> Response:
        unshare_note(person=actor_of(request), note_id=note_id)
        return Response(status=204)


class LikeCommentView(MembersView):
    @describe("like_comment", "Like a comment", answer=shapes.LikeState, refuses=[404])
    def put(self, request: Request, comment_id: int) -> Response:
        reactions.like_comment(person=actor_of(request), comment_id=comment_id)
        likes = Comment.objects.values_list("likes", flat=True).get(pk=comment_id)
        return Response({"liked": True, "likes": likes})

    @describe("unlike_comment", "Take the like of a comment back", status=204, refuses=[404])
    def delete(self, request: Request, comment_id: int) -> Response:
        reactions.unlike_comment(person=actor_of(request), comment_id=comment_id)
        return Response(status=204)


class ReportNoteView(MembersView):
    @describe(
        "report_note",
        "Report a note to the staff",
        body=shapes.ReportBody,
        answer=shapes.ReportAnswer,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        note_for(actor_of(request), note_id)  # refused before the body is looked at
        body = body_of(request, shapes.ReportBody)
        report = report_note(reporter=actor_of(request), note_id=note_id, **body)
        return Response({"reported": True, "reason": report.reason}, status=201)

    @describe("withdraw_report_of_note", "Withdraw that report", status=204, refuses=[404])
    def delete(self, request: Request, note_id: int) -> Response:
        note_for(actor_of(request), note_id)
        withdraw_report_about(reporter=actor_of(request), kind="note", pk=note_id)
        return Response(status=204)


class ReportCommentView(MembersView):
    @describe(
        "report_comment",
        "Report a comment to the staff",
        body=shapes.ReportBody,
        answer=shapes.ReportAnswer,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, comment_id: int) -> Response:
        comment_for(actor_of(request), comment_id)
        body = body_of(request, shapes.ReportBody)
        report = report_comment(reporter=actor_of(request), comment_id=comment_id, **body)
        return Response({"reported": True, "reason": report.reason}, status=201)

    @describe("withdraw_report_of_comment", "Withdraw that report", status=204, refuses=[404])
    def delete(self, request: Request, comment_id: int) -> Response:
        comment_for(actor_of(request), comment_id)
        withdraw_report_about(reporter=actor_of(request), kind="comment", pk=comment_id)
        return Response(status=204)


def _stats(note_id: int) -> NoteStats:
    return NoteStats.objects.get(note=note_id)
