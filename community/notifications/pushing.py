"""Push messages: noted with the notice, made and sent a moment later, tried again while it helps.

1. `note` leaves a message for each browser, in the transaction that tells of something. What waits
   for a group already is enough: one message says how many there are.
2. `send_due` takes what is due, looks again whether the person may see it, wants it and has not
   read it, waits out quiet hours, and sends.
3. A browser that its service no longer knows is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from community.outbox.jobs import enqueue
from community.webhooks import addresses, posting
from community.webhooks.retries import is_success
from community.webhooks.together import post_all

from . import push_words
from .models import Notification, PushMessage, PushSubscription

logger = logging.getLogger(__name__)

State = PushMessage.State
SEND = "notify.send_pushes"
# What happens within this time to one group is said once, and then again only after a while.
GATHERED, APART = timedelta(seconds=20), timedelta(minutes=15)
AT_ONCE = 16
# Longer than a batch takes, shorter than the lease of the job that sends it.
CLAIM = timedelta(seconds=30)
PAUSES = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30),
    timedelta(hours=2),
)  # fmt: skip
# The service itself says that it will never take this, whenever it is tried.
REFUSED = {400, 401, 403, 413}
# Not a service's answer: our own, for a message that no try will mend.
UNMADE = 400
# The browser does not exist any more.
GONE = {404, 410}
# A browser to which nothing got through for so long is forgotten.
FORGET_AFTER = timedelta(days=14)
KEPT = timedelta(days=14)


def note(notice: Notification, browsers: Iterable[int], *, now: datetime) -> None:
    """Leave a message for each of these browsers. Inside the transaction that tells."""
    about, due = notice.group or f"notice:{notice.pk}", now
    waits = dict.fromkeys(browsers, now)
    if notice.group:
        due = now + GATHERED
        known = PushMessage.objects.filter(subscription__in=waits, about=about, state=State.SENT)
        sent = known.values_list("subscription").annotate(last=Max("sent_at"))
        waits = dict.fromkeys(waits, due) | {pk: max(due, last + APART) for pk, last in sent}
    PushMessage.objects.bulk_create(
        [
            PushMessage(
                subscription_id=pk, notification=notice, about=about, created_at=now, due_at=at
            )
            for pk, at in waits.items()
        ],
        ignore_conflicts=True,
    )
    enqueue(SEND, key="due", after=due - now)


def send_due(*, now: datetime) -> int:
    """Send one batch of what is due; how many got through. Rings again while more is due."""
    due = _due(now).select_related("subscription__person__profile", "notification")
    rows = [row for row in due[:AT_ONCE] if _claim(row, now)]
    ready: dict[int, push_words.Post] = {}
    for row in rows:
        if post := _prepared(row, now):
            ready[row.pk] = post
    answers = post_all({pk: partial(_post, post) for pk, post in ready.items()})
    sent = sum(_conclude(row, *answers[row.pk], now=now) for row in rows if row.pk in answers)
    if rows:
        ring_if_due(now=now)
    return sent


def ring_if_due(*, now: datetime) -> bool:
    """For the clock: tries whose pause is over, ended quiet hours, batches whose worker died."""
    with transaction.atomic():
        due = _due(now).exists()
        if due:
            enqueue(SEND, key="due")
    return due


def forget(*, now: datetime) -> int:
    return PushMessage.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _due(now: datetime) -> QuerySet[PushMessage]:
    return PushMessage.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now), state=State.WAITING, due_at__lte=now
    ).order_by("due_at", "pk")


def _claim(row: PushMessage, now: datetime) -> bool:
    """Ours until the claim ends; False where somebody else was quicker."""
    return bool(_due(now).filter(pk=row.pk).order_by().update(claimed_until=now + CLAIM))


def _post(post: push_words.Post) -> tuple[int | None, str]:
    """Status and trouble. Touches no row: it runs in a thread."""
    try:
        return posting.post(post.address, post.body, post.headers), ""
    except addresses.Unreachable as error:
        return None, str(error)[:200]


def _prepared(row: PushMessage, now: datetime) -> push_words.Post | None:
    """What to send; None where it waits or is over. One that cannot be made stops no other."""
    try:
        found = push_words.post_for(row, now=now)
    except Exception:
        logger.exception("Push message %d cannot be made", row.pk)
        _conclude(row, UNMADE, "It could not be made.", now=now)
        return None
    if isinstance(found, push_words.Post):
        return found
    _put_off(row, found)
    return None


def _put_off(row: PushMessage, until: datetime | None) -> None:
    """Wait until then, or for ever."""
    mine = PushMessage.objects.filter(pk=row.pk, state=State.WAITING)
    if until is None:
        mine.update(state=State.DROPPED, claimed_until=None)
    else:
        mine.update(due_at=until, claimed_until=None)


def _conclude(row: PushMessage, status: int | None, trouble: str, *, now: datetime) -> bool:
    """Write a try down; whether it got through."""
    browser = PushSubscription.objects.filter(pk=row.subscription_id)
    if status in GONE:
        browser.delete()
        return False
    good = is_success(status)
    last = status in REFUSED or row.tries >= len(PAUSES)
    state = State.SENT if good else State.FAILED if last else State.WAITING
    with transaction.atomic():
        PushMessage.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries).update(
            state=state,
            tries=row.tries + 1,
            status=status,
            trouble=trouble,
            claimed_until=None,
            sent_at=now if good else None,
            due_at=now if good or last else now + PAUSES[row.tries],
        )
        if good:
            browser.exclude(failing_since=None).update(failing_since=None)
        else:
            browser.filter(failing_since=None).update(failing_since=now)
            browser.filter(failing_since__lt=now - FORGET_AFTER).delete()
    return good
