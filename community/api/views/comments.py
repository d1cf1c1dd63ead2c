"""Comments under a note, oldest first, with the ids that make threads of them."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, MembersView, actor_of, viewer_of
from accounts.api.pagination import page_of
from accounts.api.people_rows import author_json
from accounts.api.reading import body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.api.views import site_address
from accounts.errors import NotAllowed
from community.api import serializers as shapes
from community.api.once import answered_once
from community.models import Comment, CommentLike
from community.services.access import comment_for, note_for, published_note_for
from community.services.comments import add_comment, delete_comment


class CommentsView(ApiView):
    @describe(
        "list_comments",
        "The comments of a note, oldest first",
        query=shapes.CommentListQuery,
        answer=pages_of(shapes.CommentSerializer),
        refuses=[404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        note = note_for(viewer_of(request), note_id)
        query = query_of(request, shapes.CommentListQuery)
        comments = Comment.objects.visible_to(viewer_of(request)).filter(note=note)
        if thread := query.pop("thread", None):
            comments = comments.filter(thread=thread)
        comments = comments.select_related("author__profile")
        rows, following = page_of(request, comments, order=("created_at", "pk"), **query)
        return Response({"results": _comments_json(request, rows), "next": following})

    @describe(
        "add_comment",
        "Comment, or reply to a comment",
        body=shapes.CommentBody,
        answer=shapes.CommentSerializer,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, note_id: int) -> Response:
        published_note_for(actor_of(request), note_id)  # refused before the body is looked at
        body = body_of(request, shapes.CommentBody)

        def write() -> tuple[int, dict[str, Any]]:
            comment = add_comment(author=actor_of(request), note_id=note_id, **body)
            return 201, _comments_json(request, [comment])[0]

        return answered_once(request, request.data, write)


class CommentView(MembersView):
    @describe("delete_comment", "Delete a comment", status=204, refuses=[403, 404])
    def delete(self, request: Request, comment_id: int) -> Response:
        """By whoever wrote it or the note, also where a mute or block hides it from them."""
        try:
            delete_comment(actor=actor_of(request), comment_id=comment_id)
        except NotAllowed:
            comment_for(actor_of(request), comment_id)  # 404 for what they may not know of
            raise
        return Response(status=204)


def _comments_json(request: Request, comments: list[Comment]) -> list[dict[str, Any]]:
    viewer, base = viewer_of(request), site_address(request)
    me = viewer.pk if viewer is not None else None
    mine = CommentLike.objects.filter(person=me, comment__in=[comment.pk for comment in comments])
    liked = set(mine.values_list("comment_id", flat=True)) if me else set()
    return [_comment_json(comment, base, me, liked) for comment in comments]


def _comment_json(comment: Comment, base: str, me: int | None, liked: set[int]) -> dict[str, Any]:
    author = comment.author
    return {
        "id": comment.pk,
        "author": author_json(
            username=author.username,
            display_name=author.profile.display_name,
            avatar=author.profile.avatar,
            base=base,
        ),
        "body": comment.body,
        "thread": comment.thread_id,
        "reply_to": comment.reply_to_id,
        "likes": comment.likes,
        "liked": comment.pk in liked,
        "is_mine": comment.author_id == me,
        "created_at": comment.created_at,
    }
