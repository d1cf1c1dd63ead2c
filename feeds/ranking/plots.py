"""Plots of a training, as the SVG texts of its artefact."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from feeds.drawing import SHAPE, pygal, svg

MOST_FEATURES = 15


def plots_of(
    curves: Mapping[str, NDArray[np.float64]], importance: Mapping[str, float]
) -> dict[str, str]:
    """SVG by the name under which an artefact keeps it."""
    drawn = {f"plot_calibration_{name}": calibration(name, rows) for name, rows in curves.items()}
    return drawn | {"plot_importance": importance_of(importance)}


def calibration(name: str, rows: NDArray[np.float64]) -> str:
    """Predicted against observed rate; on the line when each p is true."""
    titles = {"title": f"calibration: {name}", "x_title": "predicted", "y_title": "observed"}
    chart = pygal().XY(**SHAPE, **titles)
    most = float(max(rows[:, :2].max(initial=0.0), 1e-6))
    chart.add("exact", [(0, 0), (most, most)], show_dots=False)
    chart.add(name, [(float(x), float(y)) for x, y, _count in rows])
    return svg(chart)


def importance_of(importance: Mapping[str, float]) -> str:
    """Share of the gain of all splits, largest first."""
    chart = pygal().HorizontalBar(**SHAPE, title="share of gain")
    largest = sorted(importance.items(), key=lambda item: -item[1])[:MOST_FEATURES]
    chart.x_labels = [name for name, _share in reversed(largest)]
    chart.add("gain", [share for _name, share in reversed(largest)])
    return svg(chart)
