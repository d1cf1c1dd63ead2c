"""What reviewers do with topics. Each decision is one TopicStep; refusals are DomainErrors."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import User

from .models import Topic, TopicStep

State = Topic.State
# From which states a topic may come to which.
MAY = {
    State.OPEN: {State.PROPOSED, State.REFUSED, State.CLOSED},
    State.REFUSED: {State.PROPOSED},
    State.CLOSED: {State.OPEN},
}


@transaction.atomic
def decide(*, topic: Topic, state: str, by: User, reason: str, now: datetime) -> Topic:
    """Open, refuse (with a reason) or close a topic."""
    current = Topic.objects.select_for_update().get(pk=topic.pk)
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
    """Close a topic and give its tags and searches to another."""
    if topic.pk == into.pk or into.state in (State.REFUSED, State.CLOSED):
        raise DomainError(_("Choose another topic that is open or proposed."))
    into.tags.add(*topic.tags.all())
    into.queries = sorted({*into.queries, *topic.queries})
    into.save(update_fields=["queries"])
    topic.state, topic.merged_into = State.CLOSED, into
    topic.save(update_fields=["state", "merged_into"])
    for row, reason in ((topic, f"merged into {into.slug}"), (into, f"took in {topic.slug}")):
        TopicStep.objects.create(topic=row, by=by, state=row.state, reason=reason, at=now)
    return into
