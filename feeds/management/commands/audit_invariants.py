"""Compare everything that is counted or derived with the rows behind it: exit 1 on a difference.

python manage.py audit_invariants            # a table
python manage.py audit_invariants --json     # for programs
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from community.operations.commands import CommunityCommand
from feeds.differences import Difference
from feeds.invariants import audit

# Differences told one by one for each rule; beyond that only their number.
EXAMPLES = 20


class Command(CommunityCommand):
    help = "Compare counters, pools, feeds and search with the rows behind them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = audit(now=now)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, now.isoformat()), ensure_ascii=False))
        else:
            self._print_table(found)
        if any(found.values()):
            raise SystemExit(1)

    def _print_table(self, found: dict[str, list[Difference]]) -> None:
        width = max(map(len, found))
        for rule, differences in found.items():
            self.stdout.write(f"{rule:{width}}  {len(differences) or 'holds'}")
            for row in differences[:EXAMPLES]:
                self.stdout.write(f"{'':{width}}  {row.subject}: {row.said}, found {row.found}")


def _as_json(found: dict[str, list[Difference]], at: str) -> dict[str, Any]:
    return {
        "ok": not any(found.values()),
        "at": at,
        "rules": [
            {
                "name": rule,
                "differences": len(differences),
                "examples": [asdict(row) for row in differences[:EXAMPLES]],
            }
            for rule, differences in found.items()
        ],
    }
