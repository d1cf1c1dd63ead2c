"""python manage.py move_database: a community from its SQLite file into PostgreSQL."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.operations.moving.source import CannotMove
from community.operations.moving.steps import Moved, compare, move


class Command(BaseCommand):
    help = "Move a stopped community from its SQLite file into the PostgreSQL of the settings."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, help="the data folder (default: ROCKPOOL_DATA)"
        )
        parser.add_argument(
            "--compare", action="store_true", help="only compare the two, table by table"
        )
        parser.add_argument("--json", dest="as_json", action="store_true", help="JSON")

    def handle(self, *, folder: Path | None, compare: bool, as_json: bool, **_: Any) -> None:
        folder = (folder or Path(settings.DATA_DIR)).expanduser().absolute()
        try:
            if compare:
                self._compare(folder, as_json)
            else:
                self._move(folder, as_json)
        except CannotMove as error:
            raise CommandError(str(error)) from error

    def _move(self, folder: Path, as_json: bool) -> None:
        moved = move(folder, say=self.stderr.write if as_json else self.stdout.write)
        self.stdout.write(_for_programs(moved, []) if as_json else _what_next(moved, folder))

    def _compare(self, folder: Path, as_json: bool) -> None:
        seen, different = compare(folder)
        if as_json:
            self.stdout.write(_for_programs(seen, different))
        elif not different:
            self.stdout.write(f"{_in_words(seen)} Both sides are equal.")
        if different:
            raise CommandError(f"Rows differ in {', '.join(different)}.")


def _what_next(moved: Moved, folder: Path) -> str:
    return (
        f"{_in_words(moved)} Both sides are equal.\n"
        f"  Now put {folder / 'db.sqlite3'} aside, so that nothing starts on it by mistake,\n"
        "  start Rockpool, and run `manage.py audit_invariants` and `manage.py doctor`."
    )


def _in_words(moved: Moved) -> str:
    filled = sum(1 for digest in moved.digests.values() if digest.rows)
    return f"{moved.rows:,} rows of {filled} tables in {moved.seconds:.1f} s."


def _for_programs(moved: Moved, different: list[str]) -> str:
    tables = {
        name: {"rows": digest.rows, "digest": str(digest)} for name, digest in moved.digests.items()
    }
    return json.dumps(
        {
            "rows": moved.rows,
            "seconds": round(moved.seconds, 2),
            "different": different,
            "tables": tables,
        }
    )
