"""Plots of results as SVG texts: what each arm changed, and the main figure by day. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.drawing import SHAPE, pygal, svg

# Intervals are cut here: one figure with little data would squeeze all others.
CUT = 2.0
ROW_HEIGHT, MARGIN = 26, 110
# Verdict -> (colour, dashes): told apart also without colours, and by the words of the label.
LOOKS = {
    "better": ("#0a777b", ""),
    "worse": ("#c93a25", "9, 4"),
    "more": ("#7a5cc0", "14, 4"),
    "less": ("#7a5cc0", "14, 4"),
    "unsure": ("#6b7c80", "3, 4"),
}
# (colour, dashes, the dashes in the legend).
ARM_LOOKS = (
    ("#0a777b", "", "——"), ("#c93a25", "8, 3", "– –"), ("#7a5cc0", "2, 4", "· · ·"),
    ("#8a6d1d", "12, 3, 2, 3", "– · –"),
)  # fmt: skip

# (label, lift, low, high, verdict)
Lifted = tuple[str, float, float, float, str]


def lifts(title: str, rows: Sequence[Lifted]) -> str:
    """One line a metric: its lift and the interval, against none."""
    style = _style([LOOKS[row[4]][0] for row in rows] + ["#93a7ab"])
    shape = SHAPE | {"height": MARGIN + ROW_HEIGHT * len(rows), "width": 860}
    chart = pygal().XY(
        **shape, style=style, title=title, x_title="%", range=(0, len(rows) + 1),
        show_y_guides=False, truncate_label=-1, margin_right=30,
    )  # fmt: skip
    places = range(len(rows), 0, -1)
    chart.y_labels = [
        {"label": label, "value": place}
        for place, (label, *_figures) in zip(places, rows, strict=True)
    ]
    for place, (label, value, low, high, verdict) in zip(places, rows, strict=True):
        points = [(100 * _cut(x), place) for x in (low, value, high)]
        chart.add(label, points, stroke_style=_stroke(LOOKS[verdict][1]), dots_size=4)
    chart.add("0", [(0, 0.3), (0, len(rows) + 0.7)], show_dots=False, stroke_style={"width": 1})
    return svg(chart)


def days(title: str, arms: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """A line an arm."""
    looks = [ARM_LOOKS[place % len(ARM_LOOKS)] for place in range(len(arms))]
    shape = SHAPE | {"height": 320, "width": 860, "show_legend": True}
    chart = pygal().Line(
        **shape, style=_style([look[0] for look in looks]), title=title,
        legend_at_bottom=True, legend_at_bottom_columns=min(4, len(arms)), truncate_legend=24,
        x_title="day",
    )  # fmt: skip
    longest = max((len(values) for _name, values in arms), default=0)
    chart.x_labels = [str(day) for day in range(longest)]
    for (name, values), (_colour, dashes, drawn) in zip(arms, looks, strict=True):
        chart.add(f"{name} {drawn}", list(values), stroke_style=_stroke(dashes), dots_size=3)
    return svg(chart)


def _cut(value: float) -> float:
    return max(-CUT, min(CUT, value))


def _stroke(dashes: str) -> dict[str, object]:
    return {"width": 2.5} | ({"dasharray": dashes} if dashes else {})


def _style(colours: Sequence[str]) -> object:
    from pygal.style import Style

    return Style(
        colors=tuple(colours), font_family="sans-serif", background="#ffffff",
        plot_background="#ffffff", guide_stroke_color="#dfe6e8",
        major_guide_stroke_color="#dfe6e8", guide_stroke_dasharray="1, 0",
        label_font_size=12, title_font_size=15, legend_font_size=12,
        major_label_font_size=12,
    )  # fmt: skip
