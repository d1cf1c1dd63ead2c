"""Tell those whom a decision concerns: its author, and who reported it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from community.notifications.models import Notification
from community.notifications.services import tell
from community.outbox.jobs import enqueue

from . import wording
from .models import Appeal, Decision, Report

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Act, Kind = Decision.Act, Notification.Kind
KINDS = {
    Act.LABEL: Kind.WARNED,
    Act.LIMIT: Kind.LIMITED,
    Act.HIDE: Kind.HIDDEN,
    Act.REMOVE: Kind.WARNED,
    Act.WARN: Kind.WARNED,
    Act.SUSPEND: Kind.WARNED,
    Act.BAN: Kind.WARNED,
}


def tell_author(decision: Decision) -> None:
    """Of an act against something of theirs. Who cannot log in any more is written to as well."""
    kind = KINDS.get(Act(decision.act))
    if kind is None or decision.author_id is None:
        return
    _tell(decision, kind, decision.reason, now=decision.decided_at)
    if decision.act in (Act.SUSPEND, Act.BAN):
        enqueue("moderation.write_to_suspended", key=decision.pk, decision=decision.pk)


def tell_restored(decision: Decision) -> None:
    """Staff took a decision back: `decision` is the one that says so."""
    _tell(decision, Kind.RESTORED, decision.reason, now=decision.decided_at)


def tell_ended(decision: Decision, *, now: datetime) -> None:
    """Its time was over."""
    _tell(decision, Kind.WARNED, wording.ENDED[Act(decision.act)], now=now)


def tell_reporters(reports: Iterable[Report], *, outcome: str, act: str, now: datetime) -> None:
    """Each reporter once, however many of these things they reported."""
    words, path = wording.told_outcome(outcome, act), reverse("my-reports")
    for person_id in sorted({report.reporter_id for report in reports}):
        tell(person_id=person_id, kind=Kind.REPORT, words=words, path=path, now=now)


def tell_of_appeal(appeal: Appeal, *, now: datetime) -> None:
    """The author reads what became of it; after an overturned decision the reporters do, too."""
    overturned = appeal.state == Appeal.State.OVERTURNED
    said = wording.APPEAL_OVERTURNED if overturned else wording.APPEAL_UPHELD
    _tell(appeal.decision, Kind.APPEAL, wording.with_answer(said, appeal.answer), now=now)


def tell_of_overturning(reporter_ids: Iterable[int], *, now: datetime) -> None:
    for person_id in sorted(set(reporter_ids)):
        tell(
            person_id=person_id,
            kind=Kind.REPORT,
            words=wording.OVERTURNED,
            path=reverse("my-reports"),
            now=now,
        )


def _tell(decision: Decision, kind: str, words: StrOrPromise, *, now: datetime) -> None:
    if decision.author_id is None:
        return
    comment = decision.comment
    # A note that is gone for its author too is not linked: the page of the decision shows it.
    note_id = comment.note_id if comment else decision.note_id
    gone = decision.note is not None and decision.note.deleted_at is not None
    tell(
        person_id=decision.author_id,
        kind=kind,
        note_id=None if gone else note_id,
        comment_id=comment.pk if comment else None,
        words=words,
        path=decision.get_absolute_url(),
        now=now,
    )
