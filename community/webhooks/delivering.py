"""What is due is sent: one batch at a time, all its addresses at once, each try written down.

At most one worker process sends at any time, so that slow receivers cannot hold up every worker.
A batch that dies is taken again when its claim ends; the receiver knows a repeat by its id.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from accounts.errors import Invalid

from . import addresses, posting, retries, signing
from .announcing import ring
from .models import Delivery, Endpoint
from .together import post_all

State = Delivery.State
AT_ONCE = 32
# Longer than a batch takes, shorter than the lease of the job that sends it.
CLAIM = timedelta(seconds=30)
# The log is kept so long.
KEPT = timedelta(days=30)


def send_due(*, now: datetime) -> int:
    """Send one batch of what is due; how many got through. Rings again while more is due."""
    rows = _claim(now)
    if not rows:
        return 0
    answers = post_all({row.pk: partial(_post, row) for row in rows})
    sent = sum(_conclude(row, *answers[row.pk], now=now) for row in rows)
    with transaction.atomic():
        if _due(now).exists():
            ring()
    return sent


def ring_if_due(*, now: datetime) -> bool:
    """For the clock: tries whose pause is over, and batches whose worker died."""
    due = _due(now).exists()
    if due:
        ring()
    return due


def forget(*, now: datetime) -> int:
    """Drop what is older than the log is kept."""
    return Delivery.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _due(now: datetime) -> Any:
    return Delivery.objects.filter(
        state=State.WAITING, due_at__lte=now, endpoint__is_active=True
    ).order_by("due_at", "pk")


def _claim(now: datetime) -> list[Delivery]:
    """Ours until the claim ends; nothing while another batch is under way."""
    with transaction.atomic():
        if Delivery.objects.filter(state=State.WAITING, claimed_until__gt=now).exists():
            return []
        # One of an address at a time: order holds, a dead one costs one connection, and one with
        # a thousand messages keeps nobody else's waiting.
        firsts = _due(now).order_by().values_list("endpoint")
        firsts = firsts.annotate(first=Min("pk"), since=Min("due_at")).order_by("since")
        ids = [first for _endpoint, first, _since in firsts[:AT_ONCE]]
        Delivery.objects.filter(pk__in=ids).update(claimed_until=now + CLAIM)
    return list(Delivery.objects.select_related("endpoint").filter(pk__in=ids))


def _post(row: Delivery) -> tuple[int | None, str]:
    body, seconds = row.body.encode(), int(timezone.now().timestamp())
    headers = {"content-type": "application/json", "user-agent": "Rockpool-Webhooks/1"}
    headers |= signing.headers_for(row.endpoint, event=str(row.event), at=seconds, body=body)
    try:
        return posting.post(addresses.parse(row.endpoint.url), body, headers), ""
    except (addresses.Unreachable, Invalid) as error:
        return None, str(error)[:200]


def _conclude(row: Delivery, status: int | None, trouble: str, *, now: datetime) -> bool:
    """Write a try down; whether it got through."""
    good, gone = retries.is_success(status), retries.is_gone(status)
    pause = None if good or gone else retries.pause_after(row.tries + 1)
    state = State.DELIVERED if good else State.WAITING if pause else State.FAILED
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries)
        mine.update(
            state=state,
            tries=row.tries + 1,
            status=status,
            trouble=trouble,
            tried_at=now,
            claimed_until=None,
            due_at=now + (pause or timedelta(0)),
        )
        _judge(Endpoint.objects.filter(pk=row.endpoint_id), good=good, gone=gone, now=now)
    return good


def _judge(endpoint: Any, *, good: bool, gone: bool, now: datetime) -> None:
    """Nobody is called for ever who never answers."""
    if good:
        endpoint.exclude(failing_since=None).update(failing_since=None)
        return
    endpoint.filter(failing_since=None).update(failing_since=now)
    dead = endpoint if gone else endpoint.filter(failing_since__lt=now - retries.GIVE_UP_AFTER)
    dead.update(is_active=False, given_up=True)
