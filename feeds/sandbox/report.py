"""Results as a table for the terminal and as one HTML page without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import sqrt
from statistics import mean, stdev

from feeds.drawing import SHAPE, pygal, svg

from .running import Order, Result

# Figure → (what it is, whether it is a share).
SHOWN: dict[str, tuple[str, bool]] = {
    "measured_notes": ("New notes with a day behind them", False),
    "reached_100": ("Notes with 100 impressions within 24 h", True),
    "median_hours_to_100": ("Median hours to 100 impressions", False),
    "promise_kept": ("P0 promises kept within the day", True),
    "most_of_promise": ("Most delivered, of what was promised", True),
    "best_tenth_passed_gate": ("Best tenth through the first gate", True),
    "best_tenth_in_p2": ("Best tenth with P2's exposure within 3 days", True),
    "best_tenth_in_p3": ("Best tenth with P3's exposure within 3 days", True),
    "worst_half_share": ("Impressions of the worse half of notes", True),
    "exposure_gini": ("Gini of exposure", False),
    "open_rate": ("Opens expected per card", True),
    "ctr_kept": ("Opens, of the unconstrained ranking's", True),
    "impressions": ("Impressions", False),
    "ring_impressions": ("Impressions per note of the ring", False),
    "spam_impressions": ("Impressions per advertisement", False),
    "boosts_ended": ("Paid orders that ended", False),
    "boosts_delivered": ("Delivered, of what was bought", True),
    "boosts_refunded": ("Given back, of what was paid", True),
    "money_exact": ("Charged for what was delivered, to the unit", True),
    "seconds": ("Seconds of computing", False),
}
PLOTTED = (
    "reached_100", "promise_kept", "best_tenth_passed_gate", "best_tenth_in_p2",
    "worst_half_share", "exposure_gini", "ctr_kept", "ring_impressions", "boosts_delivered",
    "boosts_refunded",
)  # fmt: skip
# Student's t for 95%, by degrees of freedom; beyond these 2.
T95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}
COLOURS = ("#0a777b", "#c93a25", "#7a5cc0", "#8a6d1d", "#3b6ea5", "#6b7c80")
HOURS = (3, 6, 9, 12, 15, 18, 21, 24, 36, 48)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;
max-width:60rem;background:#fff;color:#17282b}}h1{{font-size:1.5rem}}div{{overflow-x:auto}}
table{{border-collapse:collapse;font-size:.9rem}}th,td{{padding:.35rem .7rem;text-align:right;
border-bottom:1px solid #8885}}th:first-child,td:first-child{{text-align:left}}
figure{{margin:1.5rem 0;overflow-x:auto}}
figure svg{{width:100%;min-width:34rem;height:auto;border-radius:8px}}
@media(prefers-color-scheme:dark){{body{{background:#10191b;color:#e4ecee}}}}
</style><h1>What became of the promises</h1><p>{about}</p><div>{table}</div>
<p>Means over seeds, with 95% intervals where there are several.</p>{plots}</html>
"""

Cell = tuple[float, float] | None  # mean, half of the interval


def summary(results: Sequence[Result]) -> dict[str, dict[str, Cell]]:
    """Figure → arm → mean over seeds and half its 95% interval."""
    arms = list(dict.fromkeys(result.arm for result in results))
    return {
        name: {arm: _cell([_value(r, name, results) for r in results if r.arm == arm])
               for arm in arms}
        for name in SHOWN
    }  # fmt: skip


def _value(result: Result, name: str, results: Sequence[Result]) -> float | None:
    if name == "seconds":
        return result.seconds
    if name != "ctr_kept":
        return result.figures[name]
    # Seed by seed: the same people and notes on both sides.
    free = [r for r in results if r.arm == "unconstrained" and r.seed == result.seed]
    mine = result.figures["open_rate"]
    other = free[0].figures["open_rate"] if free else None
    return mine / other if mine is not None and other else None


def _cell(values: Sequence[float | None]) -> Cell:
    known = [value for value in values if value is not None]
    if not known:
        return None
    n = len(known)
    return mean(known), (T95.get(n - 1, 2.0) * stdev(known) / sqrt(n) if n > 1 else 0.0)


def _words(cell: Cell, share: bool) -> str:
    if cell is None:
        return "–"
    value, spread = cell
    if share:
        return f"{value:.1%}" + (f" ±{spread * 100:.1f}" if spread else "")
    return f"{value:,.2f}".rstrip("0").rstrip(".") + (f" ±{spread:,.2f}" if spread else "")


def rows(results: Sequence[Result]) -> list[list[str]]:
    """The table, its head first."""
    figures = summary(results)
    arms = list(next(iter(figures.values())))
    body = [
        [said, *(_words(figures[name][arm], share) for arm in arms)]
        for name, (said, share) in SHOWN.items()
    ]
    return [["", *arms], *body]


def table(results: Sequence[Result]) -> str:
    """For the terminal, and as it stands in Markdown."""
    head, *body = rows(results)
    ruler = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ruler, *body))


def about(results: Sequence[Result], order: Order) -> str:
    """What was simulated, in a sentence."""
    scale = order.scale
    return (
        f"{order.hours / 24:g} simulated days of {scale.people:,} people, {scale.notes:,} notes,"
        f" {scale.new:,} new notes and {scale.impressions:,} impressions a day;"
        f" seeds {', '.join(str(seed) for seed in sorted({r.seed for r in results}))}."
    )


def markdown(results: Sequence[Result], order: Order, plots: str) -> str:
    """The part of docs/pools.md that is measured; `plots` is the folder of the plots."""
    shown = [f"![{name}]({plots}/{name.replace('_', '-')}.svg)" for name in plots_of(results)]
    return "\n\n".join([about(results, order), table(results), *shown]) + "\n"


def html(results: Sequence[Result], order: Order) -> str:
    head, *body = rows(results)
    cells = "<tr>" + "".join(f"<th>{escape(text)}" for text in head)
    cells += "".join("<tr>" + "".join(f"<td>{escape(text)}" for text in row) for row in body)
    plots = "".join(f"<figure>{plot}</figure>" for plot in plots_of(results).values())
    return PAGE.format(about=about(results, order), table=f"<table>{cells}</table>", plots=plots)


def plots_of(results: Sequence[Result]) -> dict[str, str]:
    """Name → SVG: a bar chart for each figure that was measured, and the times to 100."""
    figures = summary(results)
    drawn = {
        name: _bars(SHOWN[name][0], figures[name], share=SHOWN[name][1])
        for name in PLOTTED
        if any(figures[name].values())
    }
    return drawn | {"time_to_100": _times(results)}


def _bars(title: str, cells: dict[str, Cell], *, share: bool) -> str:
    def said(value: float) -> str:
        return f"{value:.1f}%" if share else f"{value:.2f}"

    chart = pygal().HorizontalBar(
        **SHAPE | {"height": 90 + 34 * len(cells), "show_legend": True},
        style=_style(), title=title, print_values=True, value_formatter=said,
        legend_at_bottom=True, legend_at_bottom_columns=3, truncate_legend=24,
    )  # fmt: skip
    for arm, cell in cells.items():
        chart.add(arm, [None if cell is None else cell[0] * (100 if share else 1)])
    return svg(chart)


def _times(results: Sequence[Result]) -> str:
    """How many of the notes had 100 impressions by each hour after they were published."""
    chart = pygal().Line(
        **SHAPE | {"show_legend": True}, style=_style(), title="Notes with 100 impressions, by age",
        x_title="hours", legend_at_bottom=True, legend_at_bottom_columns=3, truncate_legend=24,
        value_formatter=lambda value: f"{value:.0f}%", range=(0, 100), margin_bottom=30,
    )  # fmt: skip
    chart.x_labels = [str(hour) for hour in HOURS]
    for arm in dict.fromkeys(result.arm for result in results):
        times = [h for r in results if r.arm == arm for h in r.hours_to_100]
        if times:
            reached = [sum(h is not None and h <= limit for h in times) for limit in HOURS]
            chart.add(arm, [100 * count / len(times) for count in reached], dots_size=2)
    return svg(chart)


def _style() -> object:
    from pygal.style import Style

    return Style(
        colors=COLOURS, font_family="sans-serif", background="#ffffff",
        plot_background="#ffffff", label_font_size=12, title_font_size=15, legend_font_size=12,
        value_font_size=11,
    )  # fmt: skip
