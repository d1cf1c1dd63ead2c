"""Guardrails at work: what was published lately is looked after, and taken back when it does harm.

Everything follows from rows. A look that is lost is made up by the next one; two workers take one
thing back once, because the watch leaves its state once. What a human published meanwhile ends the
watch of what was before. What a guardrail put back is not watched: nothing goes in circles.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from community.artefacts import registry
from community.artefacts.models import Artefact
from feeds import policies
from feeds.models import EnginePolicy
from feeds.policy import Policy, PolicyError

from . import services
from .guards import Finding, broken, verdict
from .measuring import between_times, emptiness, empty_lists, of_arms, same_hours_before
from .models import Experiment, Watch
from .wording import FIGURES

logger = logging.getLogger(__name__)

Kind, State = Watch.Kind, Watch.State
# What is learnt and changes whom discover shows what.
LEARNT = ("ranker", "similar", "factors", "cold", "quality_weights")
# A look this soon after publishing finds lists of before that are still kept.
BASELINE = timedelta(hours=1)


def look(*, now: datetime) -> int:
    """Open watches for what is new, look at each, take back what broke; returns how many were.

    At most one version is taken back at a look, the latest first: of two changes that are measured
    over the same hours the figures cannot tell which did it. The others are measured anew.
    """
    open_watches(now=now)
    end_superseded(now=now)
    taken_back, version_gone = 0, False
    for watch in Watch.objects.filter(state=State.WATCHING).order_by("-since", "-pk"):
        if version_gone and watch.kind != Kind.EXPERIMENT:
            continue
        if _look_at(watch, now):
            taken_back += 1
            version_gone = version_gone or watch.kind != Kind.EXPERIMENT
    return taken_back


# ---------------------------------------------------------------- what is watched
def open_watches(*, now: datetime) -> None:
    """One for the newest policy, for each learnt version in force, for each running experiment."""
    hours = timedelta(hours=policies.current()[1].guardrails.watch_hours)
    newest = EnginePolicy.objects.first()
    if newest is not None and newest.published_at > now - hours:
        _open(Kind.POLICY, newest.pk, str(newest), newest.published_at, hours)
    versions = Artefact.objects.filter(kind__in=LEARNT, state=Artefact.State.IN_FORCE)
    for row in versions.filter(published_at__gt=now - hours):
        assert row.published_at is not None  # noqa: S101 - filtered above
        _open(Kind.ARTEFACT, row.pk, str(row), row.published_at, hours)
    for trial in Experiment.objects.filter(state=Experiment.State.RUNNING):
        if trial.started_at is not None:
            run = timedelta(days=trial.days)
            _open(Kind.EXPERIMENT, trial.pk, str(trial), trial.started_at, run)


def _open(kind: str, subject: int, name: str, since: datetime, run: timedelta) -> None:
    if Watch.objects.filter(kind=kind, subject=subject, since=since).exists():
        return
    empty, lists = empty_lists(since - BASELINE, since)
    Watch.objects.get_or_create(
        kind=kind,
        subject=subject,
        since=since,
        defaults={
            "name": name, "measured_from": since, "until": since + run,
            "baseline": {"empty": empty, "lists": lists},
        },
    )  # fmt: skip


def end_superseded(*, now: datetime) -> None:
    """Whose subject is in force no more, by whomever."""
    newest = EnginePolicy.objects.values_list("pk", flat=True).first()
    in_force = Artefact.objects.filter(state=Artefact.State.IN_FORCE).values("pk")
    running = Experiment.objects.filter(state=Experiment.State.RUNNING).values("pk")
    watching = Watch.objects.filter(state=State.WATCHING)
    for gone in (
        watching.filter(kind=Kind.POLICY).exclude(subject=newest or 0),
        watching.filter(kind=Kind.ARTEFACT).exclude(subject__in=in_force),
        watching.filter(kind=Kind.EXPERIMENT).exclude(subject__in=running),
    ):
        gone.update(state=State.ENDED, checked_at=now)


# ---------------------------------------------------------------- a look
def _look_at(watch: Watch, now: datetime) -> bool:
    """True when it was taken back, by us and now."""
    until = min(now, watch.until)
    findings = _findings(watch, until)
    fields = {"findings": [finding.as_json() for finding in findings], "checked_at": now}
    mine = Watch.objects.filter(pk=watch.pk, state=State.WATCHING)
    if found := broken(findings):
        return _take_back(watch, found, fields, now)
    mine.update(state=State.PASSED if now >= watch.until else State.WATCHING, **fields)
    return False


def _findings(watch: Watch, until: datetime) -> list[Finding]:
    rules = policies.current()[1].guardrails
    if watch.kind == Kind.EXPERIMENT:
        experiment = Experiment.objects.get(pk=watch.subject)
        control, *arms = of_arms(experiment, until=until) or [{}]
        names = [arm["name"] for arm in experiment.arms][1:]
        return [
            finding
            for name, arm in zip(names, arms, strict=False)
            for finding in verdict(control, arm, rules, arm=name, looks_at=len(arms))
        ]
    if until <= watch.measured_from:
        return []
    earlier = same_hours_before(watch.measured_from, until)
    before, after = between_times(*earlier), between_times(watch.measured_from, until)
    base = watch.baseline
    before |= emptiness(base.get("empty", 0), base.get("lists", 0))
    after |= emptiness(*empty_lists(watch.measured_from, until))
    return verdict(before, after, rules)


# ---------------------------------------------------------------- taking back
def _take_back(
    watch: Watch, found: list[Finding], fields: dict[str, object], now: datetime
) -> bool:
    remark = sentence(found[0])
    mine = Watch.objects.filter(pk=watch.pk, state=State.WATCHING)
    if policies.current()[1].guardrails.rollback == "off":
        mine.update(state=State.BROKEN, remark=remark, **fields)
        logger.error("Guardrail: %s: %s. Nothing is taken back by itself.", watch, remark)
        return False
    try:
        with transaction.atomic():
            if not mine.update(state=State.ROLLED_BACK, remark=remark, **fields):
                return False
            _undo(watch, remark, now)
            others = Watch.objects.filter(state=State.WATCHING).exclude(kind=Kind.EXPERIMENT)
            if watch.kind != Kind.EXPERIMENT:
                others.update(measured_from=now)
    except Conflict:  # a human was faster: theirs is in force
        mine.update(state=State.ENDED, **fields)
        return False
    except PolicyError as error:
        mine.update(state=State.BROKEN, remark=f"{remark}; {error}"[:300], **fields)
        return False
    logger.error("Guardrail: %s was taken back: %s", watch, remark)
    return True


def _undo(watch: Watch, remark: str, now: datetime) -> None:
    """Raises Conflict when it is not in force any more."""
    if watch.kind == Kind.EXPERIMENT:
        experiment = Experiment.objects.get(pk=watch.subject)
        services.stop(experiment=experiment, by=None, now=now, remark=remark)
        return
    if watch.kind == Kind.ARTEFACT:
        kind = Artefact.objects.values_list("kind", flat=True).get(pk=watch.subject)
        back = registry.roll_back(kind, by=None, remark=remark, now=now, only=watch.subject)
        if back is not None and back.published_at is not None:
            _exempt(Kind.ARTEFACT, back.pk, str(back), back.published_at, remark, now)
        return
    former = EnginePolicy.objects.filter(pk__lt=watch.subject).first()
    values = former.values if former else Policy().to_dict()
    words = _("Guardrail: back from %(bad)s to %(good)s. %(why)s") % {
        "bad": watch.name, "good": former or _("the defaults"), "why": remark,
    }  # fmt: skip
    again = policies.publish(
        values=values, by=None, remark=words[:300], now=now, instead_of=watch.subject
    )
    _exempt(Kind.POLICY, again.pk, str(again), now, words, now)


def _exempt(
    kind: str, subject: int, name: str, since: datetime, remark: str, now: datetime
) -> None:
    """What was put back shall not be taken back by a guardrail in turn."""
    what: dict[str, Any] = {"kind": kind, "subject": subject, "since": since}
    fields = {
        "name": name, "state": State.EXEMPT, "remark": remark[:300], "checked_at": now,
        "measured_from": now, "until": now,
    }  # fmt: skip
    Watch.objects.update_or_create(**what, defaults=fields)


def sentence(finding: Finding) -> str:
    """What broke, with its figures and the interval that made it certain."""
    where = f"{finding.arm}: " if finding.arm else ""
    return where + _(
        "%(name)s went from %(before).4g to %(after).4g (difference %(low)+.4g to %(high)+.4g;"
        " %(tolerated)+.4g is tolerated)"
    ) % {
        "name": FIGURES.get(finding.name, finding.name),
        "before": finding.before or 0, "after": finding.after or 0,
        "low": finding.low or 0, "high": finding.high or 0, "tolerated": finding.tolerated or 0,
    }  # fmt: skip
