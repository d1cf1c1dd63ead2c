"""Plots of a replay as SVG texts. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.drawing import SHAPE, pygal, svg

BEFORE, AFTER = "#6b7c80", "#0a777b"


def estimates(title: str, was: float, rows: Sequence[tuple[str, float, float, float]]) -> str:
    """One line an estimator, its interval across; what was is the upright line."""
    library = pygal()
    style = library.style.Style(colors=(AFTER,) * len(rows) + (BEFORE,), background="#fff")
    chart = library.XY(
        **SHAPE | {"height": 110 + 36 * len(rows)}, style=style, title=title,
        range=(0, len(rows) + 1), show_y_guides=False, dots_size=4,
    )  # fmt: skip
    places = range(len(rows), 0, -1)
    chart.y_labels = [
        {"label": row[0], "value": place} for place, row in zip(places, rows, strict=True)
    ]
    for place, (label, value, low, high) in zip(places, rows, strict=True):
        chart.add(label, [(low, place), (value, place), (high, place)])
    chart.add("", [(was, 0.4), (was, len(rows) + 0.6)], show_dots=False)
    return svg(chart)


def mix(title: str, rows: Sequence[tuple[str, float, float]], names: tuple[str, str]) -> str:
    """Shares of channels before and after."""
    library = pygal()
    style = library.style.Style(colors=(BEFORE, AFTER), background="#fff")
    chart = library.HorizontalBar(
        **SHAPE | {"height": 110 + 34 * len(rows), "show_legend": True}, style=style, title=title,
        x_title="%", legend_at_bottom=True,
    )  # fmt: skip
    chart.x_labels = [row[0] for row in rows]
    for place, name in enumerate(names):
        chart.add(name, [round(100 * shares[place], 1) for _label, *shares in rows])
    return svg(chart)
