"""What was learnt and is in force, as sources use it; None where there is nothing sound."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from community.artefacts import registry
from community.artefacts.store import Loaded

from .folding import Factors, Neighbours, NotOurs, TagsToFactors

logger = logging.getLogger(__name__)
SIMILAR, FACTORS, COLD = "similar", "factors", "cold"
Built = TypeVar("Built")


def neighbours() -> Neighbours | None:
    return _sound(registry.in_force(SIMILAR), Neighbours.of)


def factors() -> Factors | None:
    return _sound(registry.in_force(FACTORS), Factors.of)


def predictions() -> tuple[tuple[int, int], TagsToFactors] | None:
    """(versions of the factors and of the predictions, the predictions) that belong together."""
    known, cold = registry.in_force(FACTORS), registry.in_force(COLD)
    if known is None or cold is None or cold.trained_on.get(FACTORS) != known.number:
        return None
    made = _sound(cold, TagsToFactors.of)
    return ((known.pk, cold.pk), made) if made is not None else None


def _sound(
    loaded: Loaded | None, build: Callable[[Mapping[str, np.ndarray]], Built]
) -> Built | None:
    """Built once a version and process; what does not fit is told once and not used."""

    def make(version: Loaded) -> Built | None:
        try:
            return build(version.arrays)
        except NotOurs as fault:
            logger.error("%s %s is not used: %s", version.kind, version.number, fault)
            return None

    return loaded.once("built", make) if loaded is not None else None
