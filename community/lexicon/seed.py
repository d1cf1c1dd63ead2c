"""The words that a new community knows, read from seed.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from community.text.dictionary import folded_form


class Sown(NamedTuple):
    """One term of the seed."""

    kind: str
    name: str
    form: str
    aliases: str


def seed() -> Iterator[Sown]:
    """Each term once; a name that an earlier one has is left out."""
    table = tomllib.loads((Path(__file__).parent / "seed.toml").read_text(encoding="utf-8"))
    taken: set[str] = set()
    for kind, lines in table.items():
        for line in lines:
            names = [name.strip() for name in line.split(" / ")]
            fresh = [name for name in names if folded_form(name) not in taken]
            taken.update(map(folded_form, fresh))
            if fresh:
                yield Sown(kind, fresh[0], folded_form(fresh[0]), "\n".join(fresh[1:]))
