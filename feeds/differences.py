"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that says something else than the rows it is derived from."""

    subject: str
    said: Any
    found: Any
