"""Which policy a reader is served under. Asked for every list, looked up now and then."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feeds.policies import current
from feeds.policy import Policy, PolicyError
from feeds.remembered import Remembered

from .buckets import arm_of, bucket_of
from .models import Experiment

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    pk: int
    layer: str
    first: int
    buckets: int
    shares: tuple[int, ...]
    overrides: tuple[dict[str, Any], ...]

    def arm(self, reader_id: int) -> int | None:
        """The reader's arm; None outside the experiment's buckets."""
        bucket = bucket_of(f"layer:{self.layer}", reader_id)
        if not self.first <= bucket < self.first + self.buckets:
            return None
        return arm_of(f"experiment:{self.pk}", reader_id, self.shares)


_running: Remembered[list[Running] | None] = Remembered(most=1, seconds=5)
_policies: Remembered[Policy] = Remembered(most=256, seconds=60)


def as_running(experiment: Experiment) -> Running:
    return Running(
        experiment.pk,
        experiment.layer,
        experiment.first_bucket,
        experiment.buckets,
        tuple(arm["share"] for arm in experiment.arms),
        tuple(arm["overrides"] for arm in experiment.arms),
    )


def running() -> list[Running]:
    known = _running.get("running")
    if known is None:
        rows = Experiment.objects.filter(state=Experiment.State.RUNNING).order_by("pk")
        known = [as_running(row) for row in rows]
        _running.put("running", known)
    return known


def forget() -> None:
    """Look at the table again on the next question."""
    _running.put("running", None)


def policy_for(reader_id: int | None) -> tuple[str, Policy]:
    """(label, policy) for a reader: the version in force and the arms they are in: "12+3:1"."""
    version, policy = current()
    if reader_id is None:
        return str(version), policy
    label = str(version)
    overrides: dict[str, Any] = {}
    for experiment in running():
        if (arm := experiment.arm(reader_id)) is not None:
            label += f"+{experiment.pk}:{arm}"
            overrides |= experiment.overrides[arm]
    if not overrides:
        return label, policy
    known = _policies.get(label)
    return label, known if known is not None else _policies.put(label, _made(policy, overrides))


def _made(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    try:
        return overridden(policy, overrides)
    except PolicyError as error:  # a version published since does not go with an arm
        logger.error("An experiment does not go with the policy in force: %s", error)
        return policy


def overridden(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    """The policy with dotted settings replaced. Raises PolicyError."""
    values = policy.to_dict()
    for name, value in overrides.items():
        *path, last = name.split(".")
        inner: Any = values
        for part in path:
            inner = inner.get(part) if isinstance(inner, dict) else None
        if not isinstance(inner, dict) or last not in inner:
            raise PolicyError([f"{name}: there is no such setting"])
        inner[last] = value
    return Policy.from_dict(values)
