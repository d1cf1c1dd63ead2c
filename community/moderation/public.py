"""What everybody may know of moderation: a log without names or words, and figures that count
nobody out of a crowd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from . import rules
from .models import Appeal, Case, Decision, Report

DAYS = 90


def lines() -> QuerySet[Decision]:
    """Acts against something or somebody, newest first."""
    rows = Decision.objects.filter(act__in=Decision.TOLD).select_related("guideline")
    only = (
        "about", "act", "decided_at", "ended_as", "ended_at", "ends_at",
        "guideline__code", "guideline__name_en", "guideline__name_zh",
    )  # fmt: skip
    return rows.only(*only).order_by("-decided_at", "-pk")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last DAYS. Counts: None for a few. Shares 0 to 1 and hours: None for too little."""

    reports: int | None
    waiting: int | None
    decided: int | None
    acts: list[tuple[str, int | None]]
    rules: list[tuple[str, int | None]]
    hours_to_decision: float | None
    upheld_share: float | None
    appeals: int | None
    appeal_share: float | None
    overturned_share: float | None
    hours_to_review: float | None


def figures(*, now: datetime) -> Figures:
    since = now - timedelta(days=DAYS)
    decisions = Decision.objects.filter(decided_at__gt=since, act__in=Decision.TOLD)
    reports = Report.objects.filter(created_at__gt=since)
    decided = Case.objects.filter(state=Case.State.DECIDED, closed_at__gt=since)
    appealed = Appeal.objects.filter(appealed_at__gt=since)
    reviewed = appealed.exclude(state=Appeal.State.OPEN)
    settled = reports.filter(outcome__in=[Report.Outcome.UPHELD, Report.Outcome.DISMISSED])
    told = rules.told_count
    return Figures(
        reports=told(reports.count()),
        waiting=told(Case.objects.waiting().count()),
        decided=told(decided.count()),
        acts=_by_act(decisions),
        rules=_by_rule(decisions),
        hours_to_decision=_hours(decided.values_list("opened_at", "closed_at")),
        upheld_share=rules.told_share(
            settled.filter(outcome=Report.Outcome.UPHELD).count(), settled.count()
        ),
        appeals=told(appealed.count()),
        appeal_share=rules.told_share(decisions.exclude(appeal=None).count(), decisions.count()),
        overturned_share=rules.told_share(
            reviewed.filter(state=Appeal.State.OVERTURNED).count(), reviewed.count()
        ),
        hours_to_review=_hours(reviewed.values_list("appealed_at", "reviewed_at")),
    )


def _by_act(decisions: QuerySet[Decision]) -> list[tuple[str, int | None]]:
    counted = dict(decisions.order_by().values_list("act").annotate(n=Count("pk")))
    acts = [act for act in Decision.TOLD if counted.get(act)]
    return [(str(act.label), rules.told_count(counted[act])) for act in acts]


def _by_rule(decisions: QuerySet[Decision]) -> list[tuple[str, int | None]]:
    counted: dict[Any, int] = {}
    for row in decisions.exclude(guideline=None).select_related("guideline").order_by():
        counted[row.guideline] = counted.get(row.guideline, 0) + 1
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].position))
    return [(rule.name, rules.told_count(number)) for rule, number in ordered]


def _hours(spans: Iterable[tuple[datetime | None, datetime | None]]) -> float | None:
    """Median hours from the first to the second moment."""
    done = [(end - start).total_seconds() / 3600 for start, end in spans if start and end]
    return rules.told_median(done)
