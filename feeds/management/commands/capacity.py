"""`manage.py capacity --people N`: what a community of that size needs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feeds.capacity import Costs, Habits, Line, assume, assumptions, sheet

# Rows beyond this ask for more than one machine of the usual kind, whatever the database.
ONE_DATABASE_GB = 2_000
# One writer at a time: measured in storms, with room to spare.
SQLITE_WRITES = 200


class Command(BaseCommand):
    help = "Say what a community of some size needs, from measured costs and stated habits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", required=True, help="e.g. 20000, 10_000_000 or 1e7")
        parser.add_argument(
            "--assume", action="append", default=[], metavar="NAME=NUMBER",
            help="another habit or cost than the one printed; may be repeated",
        )  # fmt: skip

    def handle(self, **options: Any) -> None:
        try:
            people = _whole(options["people"])
            costs, habits = _assumed(options["assume"])
            lines = sheet(people, costs=costs, habits=habits)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{people:,} people")
        for line in lines:
            self.stdout.write(f"  {line.what:<40}{line.amount:>14,.1f} {line.unit}")
        for remark in _remarks(lines):
            self.stdout.write(f"  {remark}")
        self.stdout.write("\nHabits (assumed) and costs (measured, feeds/capacity.py):")
        for name, value in [*assumptions(habits), *assumptions(costs)]:
            self.stdout.write(f"  {name:<40}{value:>14,.2f}")


def _whole(text: str) -> int:
    """Also one that is written as a float; what is none is 0 people, and refused as such."""
    number = _number(text)
    return int(number) if number.is_integer() else 0


def _number(text: str) -> float:
    """NaN where it is none: beyond all bounds."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _assumed(given: list[str]) -> tuple[Costs, Habits]:
    costs, habits = Costs(), Habits()
    for pair in given:
        name, _, value = pair.partition("=")
        try:
            costs, habits = assume(name, _number(value), costs, habits)
        except KeyError as error:
            raise CommandError(f"{name}: no habit and no cost of this sheet.") from error
    return costs, habits


def _remarks(lines: list[Line]) -> list[str]:
    found = {line.what: line.amount for line in lines}
    remarks = []
    if found["writes at the peak"] > SQLITE_WRITES:
        remarks.append("More writes than one file takes in turn: PostgreSQL (docs/decisions/0045).")
    if not settings.IMPRESSION_DAYS:
        remarks.append("Sights are never forgotten here (ROCKPOOL_IMPRESSION_DAYS is 0): the rows"
                       " are those after the days kept, and grow on.")  # fmt: skip
    if found["rows and indexes after the days kept"] > ONE_DATABASE_GB:
        remarks.append("More rows than one database server holds well: keep fewer days of sights"
                       " (ROCKPOOL_IMPRESSION_DAYS), or split them off.")  # fmt: skip
    return remarks
