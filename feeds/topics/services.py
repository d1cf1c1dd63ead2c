"""What reviewers do with topics. Each decision is one TopicStep; refusals are DomainErrors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import User
from community.models import Tag

from .models import ScheduledEvent, Topic, TopicStep

State = Topic.State
LIVE = (State.OPEN, State.PROPOSED)
# From which states a topic may come to which.
MAY = {
    State.OPEN: {State.PROPOSED, State.REFUSED, State.CLOSED},
    State.REFUSED: {State.PROPOSED},
    State.CLOSED: {State.OPEN},
}


@transaction.atomic
def decide(*, topic: Topic, state: str, by: User, reason: str, now: datetime) -> Topic:
    """Open, refuse (with a reason) or close a topic."""
    current = Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    to = State(state)
    if current.state not in MAY.get(to, ()):
        raise DomainError(_("This topic cannot go there from where it is."))
    if to == State.OPEN and not current.tags.exists():
        raise DomainError(_("Give it a tag first: its page shows the notes of its tags."))
    if to == State.REFUSED and not reason.strip():
        raise DomainError(_("Say why it is refused."))
    current.state = to
    if to == State.OPEN:
        current.merged_into = None
    current.save(update_fields=["state", "merged_into"])
    TopicStep.objects.create(topic=current, by=by, state=to, reason=reason.strip()[:200], at=now)
    return current


@transaction.atomic
def merge(*, topic: Topic, into: Topic, by: User, now: datetime) -> Topic:
    """Close a topic and give its tags and searches to another, as both stand now.

    Both are locked, in one order. Only what is live takes in or goes, so merges make no circle;
    what had gone into the one that goes leads to the other.
    """
    locked = Topic.objects.select_for_update(no_key=True).order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=[topic.pk, into.pk])}
    gone, kept = rows.get(topic.pk), rows.get(into.pk)
    if kept is None or kept == gone or kept.state not in LIVE:
        raise DomainError(_("Choose another topic that is open or proposed."))
    if gone is None or gone.state not in LIVE:
        raise DomainError(_("This topic is neither open nor proposed any more."))
    kept.tags.add(*gone.tags.all())
    kept.queries = sorted({*kept.queries, *gone.queries})
    kept.save(update_fields=["queries"])
    gone.state, gone.merged_into = State.CLOSED, kept
    gone.save(update_fields=["state", "merged_into"])
    Topic.objects.filter(merged_into=gone).update(merged_into=kept)
    for row, reason in ((gone, f"merged into {kept.slug}"), (kept, f"took in {gone.slug}")):
        TopicStep.objects.create(topic=row, by=by, state=row.state, reason=reason[:200], at=now)
    return kept


def follow_tags(*, from_ids: Sequence[int], into_id: int) -> None:
    """Tags became one: topics and events that had one of them have `into`, and what bursts in it
    is known by it. Called inside the transaction of the merge, before the tags go."""
    for model in (Topic, ScheduledEvent):
        move_tags_of(model, from_ids=from_ids, into_id=into_id)
    keys = dict(Tag.objects.filter(pk__in=[*from_ids, into_id]).values_list("pk", "key"))
    into = f"tag:{keys.pop(into_id)}"
    renamed = Topic.objects.filter(source__in=[f"tag:{key}" for key in keys.values()])
    hottest = renamed.order_by("-heat", "pk").first()
    if hottest is not None and not Topic.objects.filter(source=into).exists():
        Topic.objects.filter(pk=hottest.pk).update(source=into)


def move_tags_of(model: type[Model], *, from_ids: Sequence[int], into_id: int) -> None:
    """Rows whose `tags` hold one of these have `into` instead, each once."""
    tags: Any = model._meta.get_field("tags")
    links = tags.remote_field.through
    owner = f"{model._meta.model_name}_id"
    rows = links._default_manager.filter(tag_id__in=from_ids)
    owners = set(rows.values_list(owner, flat=True))
    links._default_manager.bulk_create(
        [links(**{owner: pk, "tag_id": into_id}) for pk in sorted(owners)], ignore_conflicts=True
    )
    rows.delete()
