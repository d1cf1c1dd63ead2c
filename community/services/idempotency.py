"""Do a write once per key, however often its request arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict
from accounts.models import User
from community.models import IdempotentAnswer

# A program that still repeats a request after two days has forgotten why.
KEPT_FOR = timedelta(days=2)


class KeyReused(Conflict):
    code = "key_reused"
    message = _("This Idempotency-Key was used for another request. Choose a new one.")


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]
    repeated: bool


def answer_once(
    *,
    person: User,
    key: str,
    route: str,
    body_digest: str,
    write: Callable[[], tuple[int, dict[str, Any]]],
    now: datetime | None = None,
) -> Answer:
    """The answer of `write`, or the one it gave when this key came first. Raises KeyReused.

    1. The key's row is made in the transaction of the write: a second request that comes meanwhile
       waits for it at the unique constraint.  2. A write that refuses takes the row with it, so the
       key stays free.  3. Whoever finds the row answers what it says.
    """
    found = _former(person, key, route, body_digest)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            row = _claim(person, key, route, body_digest, now or timezone.now())
            row.status, row.answer = write()
            row.save(update_fields=["status", "answer"])
    except _TakenMeanwhile:
        return _former(person, key, route, body_digest) or answer_once(
            person=person, key=key, route=route, body_digest=body_digest, write=write, now=now
        )
    return Answer(row.status, row.answer, repeated=False)


def forget_old_answers(*, now: datetime) -> int:
    """Remove answers that nobody will ask for again; return how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


class _TakenMeanwhile(Exception):
    """Somebody else's row for this key was committed between the look and the claim."""


def _claim(person: User, key: str, route: str, body_digest: str, now: datetime) -> IdempotentAnswer:
    try:
        return IdempotentAnswer.objects.create(
            person=person, key=key, route=route, body_digest=body_digest, created_at=now
        )
    except IntegrityError as taken:
        raise _TakenMeanwhile from taken


def _former(person: User, key: str, route: str, body_digest: str) -> Answer | None:
    row = IdempotentAnswer.objects.filter(person=person, key=key).first()
    if row is None:
        return None
    if (row.route, row.body_digest) != (route, body_digest):
        raise KeyReused
    return Answer(row.status, row.answer, repeated=True)
