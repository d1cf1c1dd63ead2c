"""What pages and programs read of conversations: the lists, and who takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User

from .models import Conversation, ConversationQuerySet, Member, Message, blocked_with
from .wording import summary_of

State = Member.State
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# ---------------------------------------------------------------- lists
def listed_for(person: User, shelf: str) -> ConversationQuerySet:
    """Conversations of a shelf ("", "requests", "closed"), newest first, with their last line and
    how many are unread."""
    rows = Conversation.objects.open_to(person).with_closed(person).lines_for(person)
    if shelf == "requests":
        rows = rows.requested_of(person).not_closed_to(person)
    else:
        rows = rows.taken_part_by(person).with_lines_for(person)
        rows = rows.closed_to(person) if shelf == "closed" else rows.not_closed_to(person)
    return rows.order_by("-last_at", "-pk")


def page_of_list(
    rows: ConversationQuerySet, *, after: str, most: int
) -> tuple[list[Conversation], str]:
    """One page, and where the next one begins (nothing after the last): time and id of a row.
    Raises Invalid."""
    if after:
        rows = rows.filter(_behind(after))
    found = list(rows[: most + 1])
    last = found[most - 1] if len(found) > most else None
    return found[:most], _cursor(last) if last else ""


def _cursor(row: Conversation) -> str:
    return f"{(row.last_at - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def _behind(after: str) -> Q:
    read = re.fullmatch(r"(\d{1,17})-(\d{1,18})", after, re.ASCII)
    if read is None:
        raise Invalid(field="after")
    at = EPOCH + timedelta(microseconds=int(read[1]))
    return Q(last_at__lt=at) | Q(last_at=at, pk__lt=int(read[2]))


def requests_waiting(person: User) -> int:
    return listed_for(person, "requests").count()


def has_unread(person: User) -> bool:
    return Message.objects.worth_a_dot(person).exists()


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as its list shows it. `others` are those whom the viewer may know of."""

    conversation: Conversation
    title: str
    others: list[User]
    line: str
    is_mine: bool
    unread: int
    closed: bool


def rows_of(conversations: Sequence[Conversation], person: User) -> list[Row]:
    """Three statements for any number of them."""
    ids = [c.last_line for c in conversations if c.last_line]  # type: ignore[attr-defined]
    lines = Message.objects.filter(pk__in=ids).with_all()
    by_id = {line.pk: line for line in lines}
    members = members_of([c.pk for c in conversations], person)
    rows = []
    for conversation in conversations:
        others = [m.person for m in members.get(conversation.pk, []) if m.person_id != person.pk]
        line = by_id.get(conversation.last_line)  # type: ignore[attr-defined]
        rows.append(
            Row(
                conversation=conversation,
                title=title_of(conversation, others),
                others=others,
                line=summary_of(line, person) if line else "",
                is_mine=line is not None and line.sender_id == person.pk and not line.event,
                unread=conversation.unread,  # type: ignore[attr-defined]
                closed=conversation.closed,  # type: ignore[attr-defined]
            )
        )
    return rows


def members_of(ids: Sequence[int], person: User) -> dict[int, list[Member]]:
    """Who takes part or is asked, by conversation: in groups without those with a block between
    them and the viewer."""
    rows = Member.objects.filter(
        conversation__in=ids, state__in=Member.TAKING_PART, person__is_active=True
    )
    pairs = Member.objects.filter(conversation__in=ids).exclude(conversation__pair_key="")
    shown = rows.filter(conversation__pair_key="").exclude(blocked_with(person, "person"))
    found: dict[int, list[Member]] = {}
    for member in (shown | pairs).select_related("person__profile").order_by("joined_at", "pk"):
        found.setdefault(member.conversation_id, []).append(member)
    return found


def title_of(conversation: Conversation, others: Sequence[User]) -> str:
    if conversation.is_group:
        return conversation.title
    return others[0].profile.name if others else _("Nobody is left")


def conversations_to_choose(person: User, *, most: int) -> list[Row]:
    """Where a note may be sent to: the newest conversations that the other side has accepted."""
    waiting = Member.objects.exclude(state=State.ACTIVE).exclude(person=person)
    rows = listed_for(person, "").exclude(
        pk__in=waiting.exclude(conversation__pair_key="").values("conversation")
    )
    return rows_of(list(rows[:most]), person)
