"""Notices of one kind about one thing, of one day, are one: "Bob and 12 others liked your note".

What belongs together is written down when it is told (`group_of`); who stands in a group, and how
many, is counted when it is read, of what the reader may see at that moment. Three queries, however
many groups and however many people in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import RowNumber

from accounts.models import User

from .models import Notification
from .models.notification import NotificationQuerySet

Kind = Notification.Kind
# What many people do to one thing; the field that says to which.
GROUPED = {
    Kind.LIKE: "note_id",
    Kind.COLLECT: "note_id",
    Kind.COMMENT: "note_id",
    Kind.COMMENT_LIKE: "comment_id",
    Kind.FOLLOW: "person_id",
}
# People who are drawn; the others are a number.
NAMED = 3
JOINED = ("actor__profile", "note", "comment", "album")


@dataclass
class Group:
    """What is shown as one notice. `head` is the newest, `first` the id of the oldest one."""

    head: Notification
    first: int = 0
    notices: int = 1
    people: int = 0
    unread: int = 0
    actors: list[User] = field(default_factory=list)
    # Where the link that its sender forwarded leads.
    link: str = ""

    @property
    def others(self) -> int:
        """People beside the one who is named."""
        return max(0, self.people - 1)


def group_of(notice: Notification, *, day: datetime) -> str:
    """The word that notices of one group share; `day` is in the recipient's own time zone."""
    subject = GROUPED.get(Kind(notice.kind))
    if subject is None:
        return ""
    return f"{notice.kind}:{getattr(notice, subject)}:{day:%Y-%m-%d}"


def groups_of(heads: Iterable[Notification], mine: NotificationQuerySet) -> list[Group]:
    """These newest notices with all of `mine` that belongs to them."""
    groups = [_alone(head) for head in heads]
    together = {group.head.group: group for group in groups if group.head.group}
    if together:
        members = mine.filter(group__in=together)
        _count(members, together)
        _name(members, together)
    return groups


def _alone(head: Notification) -> Group:
    actors = [head.actor] if head.actor else []
    unread = int(head.read_at is None)
    return Group(head, first=head.pk, people=len(actors), unread=unread, actors=actors)


def _count(members: NotificationQuerySet, together: dict[str, Group]) -> None:
    counted = (
        members.order_by()
        .values("group")
        .annotate(
            first=Min("pk"),
            notices=Count("pk"),
            people=Count("actor", distinct=True),
            unread=Count("pk", filter=Q(read_at=None)),
        )
    )
    for row in counted:
        group = together[row["group"]]
        group.first, group.notices = row["first"], row["notices"]
        group.people, group.unread = row["people"], row["unread"]


def _name(members: NotificationQuerySet, together: dict[str, Group]) -> None:
    """The newest few people of each, each once."""
    ranked = (
        members.order_by()
        .values("group", "actor")
        .annotate(at=Max("created_at"), last=Max("pk"))
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=[F("group")],
                order_by=[F("at").desc(), F("last").desc()],
            )
        )
        .filter(rank__lte=NAMED)
    )
    rows = sorted(ranked, key=lambda row: row["rank"])
    people = User.objects.select_related("profile").in_bulk({row["actor"] for row in rows})
    for group in together.values():
        group.actors = []
    for row in rows:
        together[row["group"]].actors.append(people[row["actor"]])
