"""Results as an operator reads them: what to know first, plots, and every figure in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feeds.drawing import as_image

from . import plots
from .results import Results, Row, Warn
from .statistics import Estimate, Lift

WARNINGS: dict[Warn, Promise | str] = {
    Warn.RATIO: gettext_lazy("The arms are not as large as they should be: do not trust this."),
    Warn.EARLY: gettext_lazy(
        "It has not run as long as was set: the intervals do not hold yet. Guardrails look with"
        " intervals of their own that hold at every look."
    ),
    Warn.SHARED_NOTES: gettext_lazy(
        "New notes are promised their first readers whatever the arm: what one arm shows more of,"
        " the other shows less of. Figures of new notes look better here than they would be for"
        " everybody."
    ),
    Warn.SHARED_SLOTS: gettext_lazy(
        "All arms take from the same reserved slots: what one arm's notes gain, the other's lose."
        " Split the readers as well to see what it would be for everybody."
    ),
}
VERDICTS: dict[str, Promise | str] = {
    "better": gettext_lazy("better"),
    "worse": gettext_lazy("worse"),
    "more": gettext_lazy("more"),
    "less": gettext_lazy("less"),
    "unsure": gettext_lazy("unsure"),
}
SIGNS = {"better": "▲", "worse": "▼", "more": "↑", "less": "↓", "unsure": "·"}


def shown(results: Results) -> SafeString:
    return format_html("{}{}{}", _told(results), _plots(results), _table(results))


def verdict_of(row: Row) -> str:
    """Certain at 95% or not; a direction that is neither good nor bad is only named."""
    lift = row.lift
    if lift is None or lift.low is None or lift.high is None or lift.low <= 0 <= lift.high:
        return "unsure"
    up = lift.low > 0
    if row.better == 0:
        return "more" if up else "less"
    return "better" if up == (row.better > 0) else "worse"


def _told(results: Results) -> SafeString:
    counted = ", ".join(f"{name}: {count:,}" for name, count in results.counts)
    lines = [str(WARNINGS[warn]) for warn in results.warnings]
    if results.saved is not None:
        explained = _("Variance explained by the time before: %(n).0f%%")
        lines.append(explained % {"n": results.saved * 100})
    return format_html(
        '<p><strong>{}</strong> {}</p><ul class="desk-notes">{}</ul>',
        _("Exposed:"),
        counted,
        format_html_join("", "<li>{}</li>", ((line,) for line in lines)),
    )


# ---------------------------------------------------------------- plots
def _plots(results: Results) -> SafeString:
    return format_html_join("", "{}", ((image,) for image in _images(results)))


def _images(results: Results) -> Iterator[SafeString]:
    for name, _count in results.counts[1:]:
        rows = [_lifted(row) for row in results.rows if row.arm == name and _has_interval(row.lift)]
        if rows:
            title = _("%(arm)s against the control: lift with 95%% interval, cut at ±200%%")
            yield _image(plots.lifts(title % {"arm": name}, rows), title % {"arm": name})
    lines = [
        (name, [day.value for day in results.days if day.arm == name])
        for name, _count in results.counts
    ]
    if results.main and any(v is not None for _name, values in lines for v in values):
        title = _("%(metric)s by day since the start") % {"metric": _(results.main)}
        yield _image(plots.days(title, lines), title)


def _has_interval(lift: Lift | None) -> bool:
    return lift is not None and lift.low is not None


def _lifted(row: Row) -> plots.Lifted:
    lift: Any = row.lift
    verdict = verdict_of(row)
    label = f"{_(row.metric)}: {SIGNS[verdict]} {VERDICTS[verdict]}"
    return label, lift.value, lift.low, lift.high, verdict


def _image(drawing: str, alt: str) -> SafeString:
    """In the page itself: the figures are not reckoned a second time for it. An image runs no
    scripts and loads nothing."""
    return format_html(
        '<img class="desk-plot desk-wide" src="{}" alt="{}">', as_image(drawing), alt
    )


# ---------------------------------------------------------------- figures
def _table(results: Results) -> SafeString:
    heads = (_("metric"), _("arm"), _("verdict"), _("value"), "95%", _("lift"), "95%", "p")
    return format_html(
        '<div class="desk-figures"><table class="desk-diff"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join("", "{}", ((_line(row),) for row in results.rows)),
    )


def _line(row: Row) -> SafeString:
    verdict = verdict_of(row)
    told = f"{SIGNS[verdict]} {VERDICTS[verdict]}" if _has_interval(row.lift) else ""
    p = row.lift.p if row.lift is not None else None
    cells = (
        *_figure(row.estimate), *_figure(row.lift, percent=True),
        "" if p is None else f"{p:.3f}",
    )  # fmt: skip
    return format_html(
        '<tr><th scope="row">{}</th><td>{}</td><td class="desk-verdict" data-state="{}">{}</td>{}'
        "</tr>",
        _(row.metric) if row.lift is None else "",
        row.arm,
        verdict,
        told,
        format_html_join("", "<td>{}</td>", ((cell,) for cell in cells)),
    )


def _figure(figure: Estimate | Lift | None, *, percent: bool = False) -> tuple[str, str]:
    """A value and its interval; a dash where it cannot be computed."""
    shape = "{:+.1%}" if percent else "{:.4g}"
    if figure is None or figure.value is None:
        return "–", "–"
    if figure.low is None or figure.high is None:
        return shape.format(figure.value), "–"
    return shape.format(figure.value), f"{shape} … {shape}".format(figure.low, figure.high)
