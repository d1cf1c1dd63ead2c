"""Reports as a Markdown table, and the table inside a document."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from feeds import drawing

from .report import Report

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def table_of(reports: Iterable[Report]) -> str:
    """One row a metric: ours, the goal, published ones; below it how each task was measured."""
    lines = ["| task | data | metric | ours | goal | published |", "|---|---|---|---|---|---|"]
    notes = []
    for report in reports:
        for metric, value in report.figures.items():
            others = ", ".join(
                f"{one.method} {one.figures[metric]:.4g}"
                for one in report.published
                if metric in one.figures
            )
            goal = report.goals.get(metric)
            mark = "" if goal is None else f"≥ {goal:.4g} {'✓' if value >= goal else '✗'}"
            lines.append(
                f"| {report.task} | {report.data} | {metric} | {value:.4f} | {mark} | {others} |"
            )
        seconds = ", ".join(f"{name} {value:.1f} s" for name, value in report.seconds.items())
        chosen = ", ".join(f"{name} {value}" for name, value in report.settings.items())
        words = [report.protocol, f"Settings: {chosen}" if chosen else "", seconds]
        told = ". ".join(word.rstrip(".") for word in words if word)
        notes.append(f"- **{report.task}, {report.data}**: {told}.")
    return "\n".join([*lines, "", *notes])


def trade_plot(report: Report) -> str:
    """The points of a report's series as an SVG; single points are told apart by their size."""
    chart = drawing.pygal().XY(
        **{**drawing.SHAPE, "show_legend": True},
        stroke=False,
        dots_size=4,
        title=f"{report.task}, {report.data}",
        x_title="likeness within the list",
        y_title="NDCG",
    )
    for name, points in report.plot.items():
        chart.add(name, points, dots_size=8 if len(points) == 1 else 4)
    return drawing.svg(chart)


def put_into(document: Path, table: str) -> None:
    """Put the table between the document's marks. Raises ValueError where it has none."""
    before, _, rest = document.read_text().partition(BEGIN)
    _old, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{document} has no place for figures: {BEGIN} ... {END}")
    document.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
