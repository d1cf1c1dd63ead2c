"""Learn from behaviour now and tell what came of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from community.operations.commands import CommunityCommand
from feeds.learning import training


class Command(CommunityCommand):
    help = "Learn notes alike, factors and predictions of new notes from behaviour; publish them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[*training.KINDS, "all"])
        parser.add_argument("--dry-run", action="store_true", help="measure; keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = training.KINDS if options["kind"] == "all" else (options["kind"],)
        outcomes = training.train(kinds, now=timezone.now(), dry_run=options["dry_run"])
        for outcome in outcomes:
            told = {"trained_on": outcome.trained_on, "figures": outcome.figures}
            name = outcome.artefact or outcome.kind
            self.stdout.write(f"{name}: {outcome.refused or 'good enough'}")
            self.stdout.write(json.dumps(told, indent=2))
        refused = [outcome.kind for outcome in outcomes if outcome.refused]
        if refused:
            raise CommandError(f"Refused: {', '.join(refused)}. What was in force stays.")
