"""Start, stop and decide experiments; note who was exposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import Profile, User
from feeds import policies
from feeds.models import Impression
from feeds.policy import PolicyError

from . import assignment, reach
from .buckets import faults_of_range, faults_of_shares
from .models import Experiment, Exposure

State, Unit = Experiment.State, Experiment.Unit


def faults_of(experiment: Experiment) -> list[str]:
    """Sentences, each naming what is wrong; empty when it may start."""
    others = Experiment.objects.filter(state=State.RUNNING).exclude(pk=experiment.pk)
    same = others.filter(layer=experiment.layer, unit=experiment.unit)
    taken = same.values_list("first_bucket", "buckets")
    faults = faults_of_range(experiment.first_bucket, experiment.buckets, list(taken))
    arms = experiment.arms
    if not isinstance(arms, list) or not all(_is_arm(arm) for arm in arms):
        return [*faults, 'arms: a list of {"name": …, "share": …, "overrides": {…}}']
    if len({arm["name"] for arm in arms}) < len(arms):
        faults.append("arms: names must differ")
    faults += faults_of_shares([arm["share"] for arm in arms])
    if experiment.split_readers and experiment.unit == Unit.READER:
        faults.append("split readers: is for experiments on notes and authors")
    for arm in arms:
        faults += _faults_of_overrides(arm["overrides"], experiment.unit)
    return faults + _tried_twice(experiment, others)


def _tried_twice(experiment: Experiment, others: QuerySet[Experiment]) -> list[str]:
    """A note may be in an experiment on notes and in one on authors: not with the same setting."""
    if experiment.unit == Unit.READER:
        return []
    mine = settings_of(experiment)
    own_layer = {"layer": experiment.layer, "unit": experiment.unit}
    crossing = others.exclude(unit=Unit.READER).exclude(**own_layer)
    return [
        f"{name}: is being tried by “{other}”"
        for other in crossing
        for name in sorted(mine & settings_of(other))
    ]


def settings_of(experiment: Experiment) -> set[str]:
    """All that any of its arms overrides; a rung of the ladder is the ladder."""
    names = {name for arm in experiment.arms for name in arm["overrides"]}
    return {".".join(name.split(".")[:2]) for name in names}


def _is_arm(arm: Any) -> bool:
    return (
        isinstance(arm, dict)
        and arm.keys() == {"name", "share", "overrides"}
        and isinstance(arm["name"], str)
        and type(arm["share"]) is int
        and isinstance(arm["overrides"], dict)
    )


def _faults_of_overrides(overrides: dict[str, Any], unit: str) -> list[str]:
    outside = [fault for name in overrides if (fault := reach.fault_of(name, unit))]
    try:
        assignment.overridden(policies.current()[1], overrides)
    except PolicyError as error:
        return outside + error.problems
    return outside


def start(*, experiment: Experiment, by: User, now: datetime) -> Experiment:
    """Raises Invalid with what is wrong, Conflict when it is not a draft any more."""
    with transaction.atomic():
        list(Experiment.objects.select_for_update(no_key=True).filter(layer=experiment.layer))
        experiment = _move(experiment, State.RUNNING, by, started_at=now)
        if faults := faults_of(experiment):
            raise Invalid("; ".join(faults))
        newest = Impression.objects.aggregate(newest=Max("pk"))["newest"] or 0
        Experiment.objects.filter(pk=experiment.pk).update(looked_upto=newest)
    return experiment


def stop(*, experiment: Experiment, by: User | None, now: datetime, remark: str = "") -> Experiment:
    """By an operator, or by nobody: a guardrail, which says why."""
    with transaction.atomic():
        if experiment.state == State.RUNNING and experiment.unit == Unit.READER:
            note_exposures(now=now)
        why = {"remark": remark[:300]} if remark else {}
        return _move(experiment, State.STOPPED, by, stopped_at=now, **why)


def decide(*, experiment: Experiment, arm: str, reason: str, by: User, now: datetime) -> Experiment:
    """For an arm: its overrides become a numbered version of the policy; the control's none."""
    chosen = next((row for row in experiment.arms if row["name"] == arm), None)
    if chosen is None or not reason:
        raise Invalid(_("Name an arm and give a reason."))
    with transaction.atomic():
        if not by.has_perm("feeds.add_enginepolicy"):
            raise NotAllowed()
        experiment = _move(experiment, State.DECIDED, by, remark=f"{arm}: {reason}"[:300])
        if chosen["overrides"]:
            try:
                policy = assignment.overridden(policies.current()[1], chosen["overrides"])
            except PolicyError as error:
                raise Conflict(str(error)) from error
            remark = f"{experiment}: {arm}: {reason}"[:300]
            policies.publish(values=policy.to_dict(), by=by, remark=remark, now=now)
    return experiment


def _move(experiment: Experiment, to: str, by: User | None, **fields: Any) -> Experiment:
    """By compare-and-set along Experiment.NEXT."""
    if by is not None and not by.has_perm("experiments.change_experiment"):
        raise NotAllowed()
    before = [a for a, b in Experiment.NEXT.items() if b == to]
    rows = Experiment.objects.filter(pk=experiment.pk, state__in=before)
    if not rows.update(state=to, **fields):
        raise Conflict()
    transaction.on_commit(assignment.forget)
    experiment.refresh_from_db()
    return experiment


def note_exposures(*, now: datetime) -> int:
    """Note readers who saw a card of discover since they were looked for last; returns how many
    were found. Nobody without personal recommendations takes part."""
    on_readers = Experiment.objects.filter(state=State.RUNNING, unit=Unit.READER)
    return sum(_note(row, now) for row in on_readers)


def _note(experiment: Experiment, now: datetime) -> int:
    """An impression committed out of turn costs nothing: the reader's next one counts."""
    seen = Impression.objects.filter(
        pk__gt=experiment.looked_upto, feed="discover", at__gte=experiment.started_at, at__lte=now
    )
    newest = Impression.objects.aggregate(newest=Max("pk"))["newest"] or 0
    people = seen.filter(
        pk__lte=newest, person__in=Profile.objects.filter(personalised=True).values("person")
    )
    known, rows = assignment.as_running(experiment), []
    for person in people.order_by().values_list("person_id", flat=True).distinct():
        if (arm := known.arm(person)) is not None:
            rows.append(Exposure(experiment=experiment, person_id=person, arm=arm, at=now))
    with transaction.atomic():
        Exposure.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        Experiment.objects.filter(pk=experiment.pk).update(looked_upto=newest)
    return len(rows)
