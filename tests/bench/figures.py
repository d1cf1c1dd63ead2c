"""What was measured, against what we hold ourselves to; as a table for people and for docs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    what: str
    must: str
    measured: str
    holds: bool


@dataclass
class Figures:
    # Name of the two marks in the document that the table stands between.
    marks: str = "figures"
    # What was measured on, said below the table.
    versions: str = ""
    rows: list[Figure] = field(default_factory=list)

    def note(self, what: str, *, must: str, measured: str, holds: bool) -> None:
        self.rows.append(Figure(what, must, measured, holds))
        print(f"  {'✓' if holds else '✗'} {what}: {measured} (must: {must})", flush=True)

    def markdown(self) -> str:
        lines = ["| figure | must | measured | |", "|---|---|---|---|"]
        for row in self.rows:
            verdict = "holds" if row.holds else "**missed**"
            lines.append(f"| {row.what} | {row.must} | {row.measured} | {verdict} |")
        return "\n".join([*lines, "", f"{self.versions}."])

    def write(self, path: Path) -> None:
        """Put the table between the marks of the document, or at its end."""
        begin, end = f"<!-- {self.marks}: begin -->", f"<!-- {self.marks}: end -->"
        text = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
        before, begun, rest = text.partition(begin)
        after = rest.partition(end)[2] if begun else "\n"
        path.write_text(f"{before}{begin}\n{self.markdown()}\n{end}{after}", encoding="utf-8")
