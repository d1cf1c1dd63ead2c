"""Whether the pools keep their promise, find the good notes, and what readers pay for it.

A simulated community (feeds/evaluation/tidepool.py) lives the same days twice: with reserved slots
and gates, and under its natural ranking alone. No data is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from feeds.policy import Policy

from .report import Published, Report
from .tidepool import Outcome, Scale, Tidepool

SEEDS = (1, 2, 3)
PROMISE = 100  # impressions within 24 hours, whatever the note
PROTOCOL = (
    "simulated, 3 seeds: 4,000 readers, 10,000 pages a day, 3,000 live notes, 100 new ones a day;"
    " notes born on days 2 to 5; best tenth by what readers would make of them"
)


def run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]) -> Report:
    """Figures over SEEDS. `folder`, `name` and `test` are of no use here."""
    began, policy, scale = time.perf_counter(), Policy(), Scale()
    kept: list[Outcome] = []
    natural: list[Outcome] = []
    for seed in SEEDS:
        say(f"pools: seed {seed}")
        kept.append(Tidepool(scale, policy, seed=seed).run())
        natural.append(Tidepool(scale, policy, seed=seed, slots=False).run())
    return Report(
        task="pools",
        data="simulated",
        protocol=PROTOCOL,
        figures=figures_of(kept, natural),
        settings={"slot_every": policy.pools.slot_every, "z": policy.pools.wilson_z},
        seconds={"run": time.perf_counter() - began},
        published=(
            Published("natural ranking", {"reached_100": 0.10}),
            Published("score boost x4", {"reached_100": 0.64}),
            Published("reserved slots", {"reached_100": 0.995, "best_found": 0.93}),
        ),
        goals={"reached_100": 0.995, "best_found": 0.93, "ctr_kept": 0.91},
    )


def figures_of(kept: list[Outcome], natural: list[Outcome]) -> dict[str, float]:
    """Shares over all seeds; `ctr_kept` is engagement per card against the natural ranking."""
    ratio = [a.engagement_rate / b.engagement_rate for a, b in zip(kept, natural, strict=True)]
    return {
        "reached_100": float(np.mean([np.mean(o.first_day >= PROMISE) for o in kept])),
        "best_found": float(np.mean([_found(o) for o in kept])),
        "ctr_kept": float(np.mean(ratio)),
        "promise_kept": float(np.mean([np.mean(o.kept) for o in kept])),
        "most_of_promise": float(max(o.over.max() for o in kept)),
        "natural_reached_100": float(np.mean([np.mean(o.first_day >= PROMISE) for o in natural])),
        "passed_gate": float(np.mean([np.mean(o.passed) for o in kept])),
    }


def _found(outcome: Outcome) -> float:
    """Of the best tenth, the share that passed the first gate."""
    best = outcome.appeal >= np.quantile(outcome.appeal, 0.9)
    return float(outcome.passed[best].mean())
