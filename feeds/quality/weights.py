"""The weights of the dimensions: learnt ones where there are any in force, else the built-in."""

from __future__ import annotations

import math
from collections.abc import Mapping

from community.artefacts import registry
from community.artefacts.store import Loaded
from community.text.quality import WEIGHTS

KIND = "quality_weights"
# What must not be learnt away: advertising and copies are engaged with, too.
KEPT = ("spam", "originality")


def weights_in_force() -> tuple[int, Mapping[str, float]]:
    """(number, weights); number 0 is the built-in ones. Dimensions that a learnt version does not
    know keep their built-in weight."""
    loaded = registry.in_force(KIND)
    if loaded is None:
        return 0, WEIGHTS
    return loaded.number, loaded.once("weights", _read)


def _read(loaded: Loaded) -> Mapping[str, float]:
    try:
        names = loaded.texts["dimensions"].split()
        learnt = dict(zip(names, loaded.arrays["weights"].tolist(), strict=True))
    except (KeyError, ValueError):
        return WEIGHTS
    return checked({**WEIGHTS, **{n: w for n, w in learnt.items() if n in WEIGHTS}})


def checked(weights: Mapping[str, float]) -> Mapping[str, float]:
    """Weights that add up to 1, spam and originality at least at their built-in share; the
    built-in ones where any is no number or below zero."""
    total = sum(weights.values())
    sane = all(math.isfinite(weight) and weight >= 0 for weight in weights.values())
    if weights.keys() != WEIGHTS.keys() or not sane or not 0 < total < math.inf:
        return WEIGHTS
    shares = {name: weight / total for name, weight in weights.items()}
    raised = {name: max(shares[name], WEIGHTS[name]) for name in KEPT}
    others = sum(share for name, share in shares.items() if name not in KEPT)
    if others <= 0:
        return WEIGHTS
    rest = 1 - sum(raised.values())
    return {name: raised.get(name, share / others * rest) for name, share in shares.items()}
