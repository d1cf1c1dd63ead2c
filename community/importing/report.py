"""What an import did: counts a kind, and which lines it did not take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# Refused lines that are remembered one by one; beyond these they are only counted.
MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was skipped, as if it were not in the file."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass
class ImportReport:
    added: Counter[str] = field(default_factory=Counter)
    # Lines that an earlier run, or an earlier line, had brought already.
    there_already: Counter[str] = field(default_factory=Counter)
    refused_lines: int = 0
    refused: list[Refused] = field(default_factory=list)
    # What was made, for whoever goes on with it.
    note_ids: list[int] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> Refused:
        refusal = Refused(line, reason)
        self.refused_lines += 1
        if len(self.refused) < MOST_REMEMBERED:
            self.refused.append(refusal)
        return refusal

    def table(self) -> Iterator[str]:
        """Lines of a small table: what, added, there already."""
        yield f"{'':<14}{'added':>10}{'there already':>16}"
        for kind in ("person", "follow", "note", "interaction"):
            yield f"{kind:<14}{self.added[kind]:>10,}{self.there_already[kind]:>16,}"
        yield f"{'refused lines':<14}{self.refused_lines:>10,}"
