"""Replay logged lists under other settings and tell what would have come of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from community.operations.commands import CommunityCommand
from feeds.lab import services
from feeds.lab.outcome import SIDES
from feeds.policies import current

MOST_DAYS = 3_660


class Command(CommunityCommand):
    help = "Replay logged discover lists under other settings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set", action="append", required=True, metavar="SETTING=VALUE", dest="overrides",
            help="e.g. discover.freshness_weight=0.4; may be repeated",
        )  # fmt: skip
        parser.add_argument("--days", type=int, default=14, help="days of logs (default 14)")
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days must be from 1 to {MOST_DAYS:,}")
        overrides = dict(_pair(text) for text in options["overrides"])
        if faults := services.faults_of(overrides):
            raise CommandError("\n".join(faults))
        found = services.outcome_of(
            current()[0], overrides, days=options["days"], now=timezone.now()
        )
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else _told(found))


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"{text}: write it as SETTING=VALUE")
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value


def _told(found: dict[str, Any]) -> str:
    lines = [
        f"{found['lists']} lists, {found['cards']} cards seen,"
        f" {found['reproduced']:.0%} of them reproduced; {found['moved']:.0%} of first places moved"
    ]
    for reward, was in found["was"].items():
        lines.append(f"{reward} an impression: was {_shown(was)}")
        for name, value in found["would"][reward].items():
            if value is not None:
                interval = f"{_shown(value['low'])} to {_shown(value['high'])}"
                lines.append(f"  {name}: {_shown(value['value'])} ({interval})")
    for side in SIDES if found["before"] else ():
        before, after = found["before"][side], found["after"][side]
        lines.append(f"{side}: {_shown(before)} -> {_shown(after)}")
    return "\n".join([*lines, *(f"doubt: {doubt}" for doubt in found["doubts"])])


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
