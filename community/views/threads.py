"""Comments as a page shows them: threads newest first, under each the first of its replies.

A thread whose first comment is gone but whose replies remain keeps its place, without its words.
Four queries whatever the number of threads: threads, replies, own likes, mentions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.safestring import SafeString

from accounts.models import User
from community.keyset import behind, cursor_of
from community.models import Comment, CommentLike, Note
from community.rich_text import known_mentions, linked

THREADS_IN_A_PAGE = 20
REPLIES_SHOWN = 2
REPLIES_IN_A_PAGE = 100


@dataclass
class ShownComment:
    """A comment for one viewer."""

    row: Comment
    body: SafeString
    liked: bool
    may_delete: bool
    is_mine: bool
    is_authors: bool  # written by the note's author


@dataclass
class Thread:
    """A first-level comment (None: gone, only its replies remain) and its first replies."""

    pk: int
    first: ShownComment | None
    replies: list[ShownComment] = field(default_factory=list)
    replies_in_all: int = 0

    @property
    def folded(self) -> int:
        """How many replies are not shown yet."""
        return self.replies_in_all - len(self.replies)


@dataclass
class ThreadsPage:
    threads: list[Thread]
    next_cursor: str = ""


def threads_page(note: Note, viewer: User | None, *, cursor: str = "") -> ThreadsPage:
    """One page of a note's threads, newest first. Raises Invalid for a cursor that is none."""
    roots = _roots(note, viewer)
    if cursor:
        roots = roots.filter(behind(cursor))
    rows = list(roots.order_by("-created_at", "-pk")[: THREADS_IN_A_PAGE + 1])
    more = len(rows) > THREADS_IN_A_PAGE
    rows = rows[:THREADS_IN_A_PAGE]
    replies = _first_replies(note, viewer, [row.pk for row in rows])
    threads = _threads(note, viewer, rows, replies)
    return ThreadsPage(threads, cursor_of(rows[-1]) if more else "")


def thread_with_replies(note: Note, viewer: User | None, thread_id: int) -> Thread | None:
    """One thread with all its replies (the first REPLIES_IN_A_PAGE)."""
    rows = list(_roots(note, viewer).filter(pk=thread_id))
    if not rows:
        return None
    replies = list(_replies(note, viewer).filter(thread=thread_id)[:REPLIES_IN_A_PAGE])
    for reply in replies:
        reply.in_all = len(replies)  # type: ignore[attr-defined]
    return _threads(note, viewer, rows, replies)[0]


def shown_comment(comment: Comment, viewer: User | None) -> ShownComment:
    """A single comment, just written or just liked."""
    return _shown([comment], comment.note, viewer)[comment.pk]


def _roots(note: Note, viewer: User | None) -> QuerySet[Comment]:
    visible = Comment.objects.visible_to(viewer).filter(note=note)
    return (
        Comment.objects.filter(note=note, thread=None)
        .annotate(readable=Exists(visible.filter(pk=OuterRef("pk"))))
        .filter(Q(readable=True) | Exists(visible.filter(thread=OuterRef("pk"))))
        .select_related("author__profile")
    )


def _replies(note: Note, viewer: User | None) -> QuerySet[Comment]:
    """Replies in the order in which they were written."""
    return (
        Comment.objects.visible_to(viewer)
        .filter(note=note, thread__isnull=False)
        .select_related("author__profile", "reply_to__author__profile")
        .order_by("created_at", "pk")
    )


def _first_replies(note: Note, viewer: User | None, threads: list[int]) -> list[Comment]:
    if not threads:
        return []
    ranked = (
        _replies(note, viewer)
        .filter(thread__in=threads)
        .annotate(
            rank=Window(RowNumber(), partition_by="thread", order_by=["created_at", "pk"]),
            in_all=Window(Count("pk"), partition_by="thread"),
        )
    )
    return list(ranked.filter(rank__lte=REPLIES_SHOWN))


def _threads(
    note: Note, viewer: User | None, roots: list[Comment], replies: list[Comment]
) -> list[Thread]:
    readable = [root for root in roots if root.readable]  # type: ignore[attr-defined]
    shown = _shown([*readable, *replies], note, viewer)
    threads = {root.pk: Thread(root.pk, shown.get(root.pk)) for root in roots}
    for reply in replies:
        thread = threads[reply.thread_id]  # type: ignore[index]
        thread.replies.append(shown[reply.pk])
        thread.replies_in_all = reply.in_all  # type: ignore[attr-defined]
    return list(threads.values())


def _shown(comments: Iterable[Comment], note: Note, viewer: User | None) -> dict[int, ShownComment]:
    rows = list(comments)
    known = known_mentions(viewer, [row.body for row in rows])
    me = viewer.pk if viewer is not None else None
    liked: set[int] = set()
    if me is not None and rows:
        own = CommentLike.objects.filter(person=me, comment__in=[row.pk for row in rows])
        liked = set(own.values_list("comment_id", flat=True))
    return {
        row.pk: ShownComment(
            row=row,
            body=linked(row.body, known=known),
            liked=row.pk in liked,
            may_delete=me is not None and me in (row.author_id, note.author_id),
            is_mine=row.author_id == me,
            is_authors=row.author_id == note.author_id,
        )
        for row in rows
    }
