"""Comments and notices as the style guide shows them: rows that are in no database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.safestring import mark_safe

from community.models import Comment
from community.notifications.grouping import Group
from community.notifications.models import Notification
from community.views.threads import ShownComment

from .samples import NOBODYS, note, person

SAID = "The red ones are said to be from old lamps."


def comments(side: int, now: datetime) -> list[ShownComment]:
    """A stranger's that one liked, and the author's, which may be deleted."""
    return [
        _comment(side + 1, SAID, now - timedelta(minutes=3), likes=12, liked=True),
        _comment(side + 2, "还没有找到过红色的。", now - timedelta(days=2), is_authors=True),
    ]


def _comment(
    number: int,
    body: str,
    at: datetime,
    *,
    likes: int = 0,
    liked: bool = False,
    is_authors: bool = False,
) -> ShownComment:
    row = Comment(
        pk=NOBODYS + number, note=note(0), author=person(), body=body, likes=likes, created_at=at
    )
    words = mark_safe(f"<p>{body}</p>")  # noqa: S308 (the two sentences above)
    return ShownComment(row, words, liked, is_authors, is_authors, is_authors)


def notices(side: int, now: datetime) -> list[Group]:
    """Unread from many, read with a comment, and one from the community itself."""
    kinds = Notification.Kind
    return [
        _notice(side + 1, kinds.LIKE, now - timedelta(minutes=3), people=13, unread=13),
        _notice(side + 2, kinds.COMMENT, now - timedelta(hours=5), people=1, said=SAID),
        _notice(side + 3, kinds.POOL, now - timedelta(days=1)),
    ]


def _notice(
    number: int, kind: str, at: datetime, *, people: int = 0, unread: int = 0, said: str = ""
) -> Group:
    comment = Comment(pk=NOBODYS, body=said) if said else None
    head = Notification(
        pk=NOBODYS + number, kind=kind, note=note(0), comment=comment, created_at=at
    )
    actors = [person() for _n in range(min(people, 3))]
    return Group(head, NOBODYS + number, people, people, unread, actors)
