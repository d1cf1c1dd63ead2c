"""Cells that no spreadsheet runs.

One that begins with a mark of a formula gets an apostrophe before it on the way out, which goes
away again on the way in, so that a file makes the round trip unchanged.
"""

from __future__ import annotations

# With these a spreadsheet begins to compute.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def as_meant(cell: str) -> str:
    """A cell without blanks around it and without the apostrophe that made it safe."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(FORMULA) else cell
