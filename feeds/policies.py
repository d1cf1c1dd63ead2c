"""The policy in force, and publishing another one."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import User

from .models import EnginePolicy
from .policy import Policy, PolicyError

logger = logging.getLogger(__name__)

# How far back one is looked for that this release can read.
VERSIONS_TRIED = 10
LOOK_AGAIN = 5.0  # seconds a process may go on with the version it knows


@dataclass
class _Known:
    version: int
    policy: Policy
    until: float


_known: _Known | None = None


def current() -> tuple[int, Policy]:
    """(version, policy) in force; version 0 is the built-in default."""
    global _known
    if _known is None or time.monotonic() > _known.until:
        version, policy = _newest_that_reads()
        _known = _Known(version, policy, time.monotonic() + LOOK_AGAIN)
    return _known.version, _known.policy


def _newest_that_reads() -> tuple[int, Policy]:
    """A version that this release refuses, because another one wrote it or did not know better,
    stops nobody's pages: the one before it goes on."""
    for version in EnginePolicy.objects.all()[:VERSIONS_TRIED]:
        try:
            return version.pk, Policy.from_dict(version.values, stored=True)
        except PolicyError as error:
            logger.error("Version %d of the policy is not in force: %s", version.pk, error)
    return 0, Policy()


def publish(
    *,
    values: dict[str, Any],
    by: User | None,
    remark: str = "",
    now: datetime | None = None,
    instead_of: int | None = None,
) -> EnginePolicy:
    """Put a new version in force everywhere within LOOK_AGAIN. Raises PolicyError, and Conflict
    when another version than `instead_of` is in force by then."""
    checked = Policy.from_dict(values)
    with transaction.atomic():
        # Whoever publishes waits for who does so at this moment, and looks again.
        EnginePolicy.objects.select_for_update(no_key=True).first()
        if instead_of is not None and _newest_that_reads()[0] != instead_of:
            raise Conflict()
        version = EnginePolicy.objects.create(
            values=checked.to_dict(),
            remark=remark,
            published_by=by,
            published_at=now or timezone.now(),
        )
        transaction.on_commit(forget)
    return version


def forget() -> None:
    """Look at the table again on the next question (after publishing; between tests)."""
    global _known
    _known = None
