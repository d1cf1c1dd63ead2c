"""What was measured, against what we hold ourselves to; as a table for people and for docs."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Figure:
    what: str
    must: str
    measured: str
    holds: bool


@dataclass
class Figures:
    rows: list[Figure] = field(default_factory=list)

    def note(self, what: str, *, must: str, measured: str, holds: bool) -> None:
        self.rows.append(Figure(what, must, measured, holds))
        print(f"  {'✓' if holds else '✗'} {what}: {measured} (must: {must})", flush=True)

    def markdown(self) -> str:
        lines = ["| figure | must | measured | |", "|---|---|---|---|"]
        for row in self.rows:
            verdict = "holds" if row.holds else "**missed**"
            lines.append(f"| {row.what} | {row.must} | {row.measured} | {verdict} |")
        return "\n".join([*lines, "", f"{platform.machine()}, Python {platform.python_version()}."])

    def write(self, path: Path) -> None:
        """Put the table between the marks of the document, or at its end."""
        text = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
        before, begun, rest = text.partition(BEGIN)
        after = rest.partition(END)[2] if begun else "\n"
        path.write_text(f"{before}{BEGIN}\n{self.markdown()}\n{END}{after}", encoding="utf-8")
