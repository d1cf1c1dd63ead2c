"""What an evaluation answers: figures, how they were taken, and published ones beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Missing(Exception):
    """The data of a task is not there, or not in the form it needs; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that others reported for the same protocol, with where it comes from."""

    method: str
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one task on one set of data.

    `figures` holds metrics by name (fractions unless the name says otherwise); `settings` what was
    chosen on validation; `seconds` wall time of fitting and of ranking.
    """

    task: str
    data: str
    protocol: str
    figures: dict[str, float]
    settings: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    # Figures to reach at least, by metric.
    goals: dict[str, float] = field(default_factory=dict)
    # Points (x, y) by name of a series, for tasks whose answer is a trade.
    plot: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Flat figures first, for programs."""
        return {
            "task": self.task,
            "data": self.data,
            **{name: round(float(value), 5) for name, value in self.figures.items()},
            **{f"{name}_seconds": round(float(value), 2) for name, value in self.seconds.items()},
            "protocol": self.protocol,
            "settings": self.settings,
            "goals": self.goals,
        }
