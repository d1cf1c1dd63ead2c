"""Which policy a reader is served under, and a note goes through the pools under. Asked for every
list, looked up now and then."""

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
from .reach import NOTE, READER

logger = logging.getLogger(__name__)

# A note is in so many experiments at most: what their names need in its row is bounded.
MOST_TRIALS = 4


@dataclass(frozen=True, slots=True)
class Running:
    pk: int
    unit: str
    layer: str
    first: int
    buckets: int
    shares: tuple[int, ...]
    overrides: tuple[dict[str, Any], ...]
    # Whether notes of an arm get their slots from readers of the same arm only.
    splits_readers: bool = False

    def arm(self, unit_id: int) -> int | None:
        """The arm of a reader, author or note; None outside the experiment's buckets."""
        bucket = bucket_of(layer_salt(self.unit, self.layer), unit_id)
        if not self.first <= bucket < self.first + self.buckets:
            return None
        return arm_of(f"experiment:{self.pk}", unit_id, self.shares)

    def reader_arm(self, reader_id: int) -> int:
        """Where readers are split as well: the arm whose notes this reader's slots belong to."""
        return arm_of(f"experiment:{self.pk}:readers", reader_id, self.shares)


def layer_salt(unit: str, layer: str) -> str:
    """Layers of different units cross each other, also where they have the same name."""
    return f"layer:{layer}" if unit == READER else f"layer:{unit}:{layer}"


_running: Remembered[list[Running] | None] = Remembered(most=1, seconds=5)
_policies: Remembered[Policy] = Remembered(most=256, seconds=60)


def as_running(experiment: Experiment) -> Running:
    return Running(
        experiment.pk,
        experiment.unit,
        experiment.layer,
        experiment.first_bucket,
        experiment.buckets,
        tuple(arm["share"] for arm in experiment.arms),
        tuple(arm["overrides"] for arm in experiment.arms),
        experiment.split_readers,
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
        if experiment.unit == READER and (arm := experiment.arm(reader_id)) is not None:
            label += f"+{experiment.pk}:{arm}"
            overrides |= experiment.overrides[arm]
    return label, _remembered(label, policy, overrides)


def trial_of(*, note_id: int, author_id: int) -> str:
    """The arms that a note which enters the pools now goes through them in: "3:1", "3:1+8:0"."""
    found = []
    for experiment in running():
        if experiment.unit == READER:
            continue
        arm = experiment.arm(note_id if experiment.unit == NOTE else author_id)
        if arm is not None:
            found.append(f"{experiment.pk}:{arm}")
    return "+".join(found[:MOST_TRIALS])


def pool_policy(trial: str) -> Policy:
    """The policy of a note that entered in these arms; those of experiments that ended are as
    everybody's."""
    version, policy = current()
    if not trial:
        return policy
    known = {experiment.pk: experiment.overrides for experiment in running()}
    overrides: dict[str, Any] = {}
    for pk, arm in arms_of(trial):
        overrides |= known[pk][arm] if pk in known else {}
    return _remembered(f"{version}/{trial}", policy, overrides)


def arms_of(trial: str) -> list[tuple[int, int]]:
    """(experiment, arm) of a trial."""
    pairs = (part.split(":") for part in trial.split("+") if part)
    return [(int(pk), int(arm)) for pk, arm in pairs]


def serves(trial: str, reader_id: int) -> bool:
    """Whether this reader's slots are open to a note that entered in these arms."""
    known = {experiment.pk: experiment for experiment in running() if experiment.splits_readers}
    return all(known[pk].reader_arm(reader_id) == arm for pk, arm in arms_of(trial) if pk in known)


def pool_trials_run() -> bool:
    return any(experiment.unit != READER for experiment in running())


def _remembered(label: str, policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    if not overrides:
        return policy
    known = _policies.get(label)
    return known if known is not None else _policies.put(label, _made(policy, overrides))


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
            inner = _within(inner, part)
        if not isinstance(inner, dict) or last not in inner:
            raise PolicyError([f"{name}: there is no such setting"])
        inner[last] = value
    return Policy.from_dict(values)


def _within(values: Any, part: str) -> Any:
    """A section by its name, a rung of the ladder by its place."""
    if isinstance(values, dict):
        return values.get(part)
    if isinstance(values, tuple) and part.isdecimal() and int(part) < len(values):
        return values[int(part)]
    return None
