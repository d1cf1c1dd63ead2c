"""Which ranker serves now, and why not another. Asked for every list, looked up now and then."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from community.artefacts import registry
from community.artefacts.store import Loaded
from feeds.policy import Policy

from .forest import ForestError
from .learnt import LearntModels, NotOurs, from_parts

logger = logging.getLogger(__name__)

KIND = "ranker"
FORMULA = "formula"
# How long what one process found out about a model is told to the others.
UNSOUND_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The ranker that serves: its name as it is logged, its models, or why there are none."""

    version: str
    models: LearntModels | None = None
    pk: int = 0
    reason: str = ""


@dataclass(slots=True)
class _Made:
    """What became of a version in this process."""

    models: LearntModels | None = None
    fault: str = ""


_last_told = ""


def standing_of(policy: Policy, *, now: datetime) -> Standing:
    """Never raises for a bad artefact: the formula serves and the reason is told once."""
    if policy.ranking.ranker == FORMULA:
        return _formula("the policy says so")
    loaded = registry.in_force(KIND)
    if loaded is None:
        return _formula("no learnt ranker is in force")
    if now - loaded.trained_at > timedelta(days=policy.ranking.oldest_days):
        return _formula(f"{KIND} {loaded.number} is older than {policy.ranking.oldest_days} days")
    made = loaded.once("models", _make)
    if made.models is None:
        return _formula(f"{KIND} {loaded.number}: {made.fault}")
    version = f"{KIND} {loaded.number}"
    _tell(version)
    return Standing(version, made.models, loaded.pk)


def declare_unsound(standing: Standing, fault: str) -> None:
    """A model failed while serving: this process stops using it, and others that start later."""
    loaded = registry.in_force(KIND)
    if loaded is not None and loaded.pk == standing.pk:
        made = loaded.once("models", _make)
        made.models, made.fault = None, fault
    cache.set(_key(standing.pk), fault, UNSOUND_FOR.total_seconds())
    _tell(f"{FORMULA}: {standing.version}: {fault}")


def _make(loaded: Loaded) -> _Made:
    if fault := cache.get(_key(loaded.pk)):
        return _Made(fault=fault)
    try:
        return _Made(from_parts(loaded.arrays, loaded.texts))
    except (NotOurs, ForestError) as error:
        return _Made(fault=str(error))


def _formula(reason: str) -> Standing:
    _tell(f"{FORMULA}: {reason}")
    return Standing(FORMULA, reason=reason)


def _tell(what: str) -> None:
    """One line when something changes, not one a list."""
    global _last_told
    if what != _last_told:
        _last_told = what
        logger.info("Ranking by %s", what)


def _key(pk: int) -> str:
    return f"ranker-unsound:{pk}"
