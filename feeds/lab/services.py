"""Replays asked for, run once however many workers look, and published as a version."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from feeds import policies
from feeds.experiments.assignment import overridden
from feeds.models import EnginePolicy
from feeds.policy import Policy, PolicyError
from feeds.ranking.standing import standing_of

from . import logs, reach
from .models import Replay
from .orders import Way
from .outcome import as_json

logger = logging.getLogger(__name__)

State = Replay.State
# Lists replayed, the newest first: a bound of memory and time.
MOST_LISTS = 3_000
# Longer than MOST_LISTS take on a slow machine.
LEASE = timedelta(minutes=30)
MOST_TRIES = 3


def faults_of(overrides: Any) -> list[str]:
    """Sentences, each naming what is wrong; empty when a replay can judge these settings."""
    if not isinstance(overrides, dict) or not all(isinstance(name, str) for name in overrides):
        return ['settings: an object like {"discover.freshness_weight": 0.4}']
    if faults := reach.faults_of(set(overrides)):
        return faults
    try:
        overridden(policies.current()[1], overrides)
    except PolicyError as error:
        return error.problems
    return []


def ask(*, name: str, overrides: Mapping[str, Any], days: int, by: User, now: datetime) -> Replay:
    """Have it run by a worker. Raises NotAllowed, Invalid."""
    if not by.has_perm("lab.add_replay"):
        raise NotAllowed()
    if faults := faults_of(dict(overrides)):
        raise Invalid("; ".join(faults))
    return Replay.objects.create(
        name=name,
        overrides=dict(overrides),
        days=days,
        version=policies.current()[0],
        asked_by=by,
        asked_at=now,
    )


def run_next(*, now: datetime) -> Replay | None:
    """Take one that waits, or whose worker died, and run it; None where there is nothing to do."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=now)
    for row in Replay.objects.filter(free).order_by("pk")[:5]:
        if row.tries >= MOST_TRIES:
            _conclude(row, State.FAILED, remark="Every worker that began it died.")
            continue
        mine = Replay.objects.filter(free, pk=row.pk, tries=row.tries)
        if mine.update(state=State.RUNNING, lease_until=now + LEASE, tries=F("tries") + 1):
            row.refresh_from_db()
            return _run(row, now)
    return None


def _run(row: Replay, now: datetime) -> Replay:
    try:
        outcome = outcome_of(row.version, row.overrides, days=row.days, now=now)
    except (PolicyError, Invalid) as error:
        _conclude(row, State.FAILED, remark=str(error)[:300])
    except Exception as error:
        logger.exception("Replay %s failed", row.pk)
        _conclude(row, State.FAILED, remark=repr(error)[:300])
    else:
        _conclude(row, State.DONE, outcome=outcome)
    row.refresh_from_db()
    return row


def _conclude(row: Replay, state: str, **fields: Any) -> None:
    """Only by the worker whose try it is."""
    mine = Replay.objects.filter(pk=row.pk, tries=row.tries).exclude(state=State.DONE)
    mine.update(state=state, lease_until=None, **fields)


def outcome_of(
    version: int, overrides: Mapping[str, Any], *, days: int, now: datetime
) -> dict[str, Any]:
    """Replay what was logged under a version of the policy. Raises PolicyError."""
    # Here, so that processes which serve pages do not load scipy at their start.
    from .replaying import replay

    policy = _policy_of(version)
    other = overridden(policy, overrides)
    control = Way(policy, standing_of(policy, now=now).models)
    target = Way(other, standing_of(other, now=now).models)
    found = logs.load(version=version, policy=policy, days=days, most=MOST_LISTS, now=now)
    return as_json(replay(found, control, target))


def _policy_of(version: int) -> Policy:
    """Version 0 is the built-in default."""
    row = EnginePolicy.objects.filter(pk=version).first()
    return Policy() if row is None else Policy.from_dict(row.values, stored=True)


def publish(*, replay: Replay, reason: str, by: User, now: datetime) -> EnginePolicy:
    """Put its settings in force as a numbered version, once. Raises NotAllowed, Invalid, and
    Conflict where another version is in force than the one it was replayed against."""
    if not by.has_perm("feeds.add_enginepolicy"):
        raise NotAllowed()
    if not reason:
        raise Invalid(_("Give a reason."))
    with transaction.atomic():
        unpublished = Replay.objects.filter(pk=replay.pk, state=State.DONE, published=None)
        # Claimed before it is published: of two at once one finds nothing.
        if not unpublished.update(published=0):
            raise Conflict()
        try:
            policy = overridden(_policy_of(replay.version), replay.overrides)
        except PolicyError as error:
            raise Conflict(str(error)) from error
        version = policies.publish(
            values=policy.to_dict(),
            by=by,
            remark=f"{replay}: {reason}"[:300],
            now=now,
            instead_of=replay.version,
        )
        Replay.objects.filter(pk=replay.pk).update(published=version.pk)
    return version
