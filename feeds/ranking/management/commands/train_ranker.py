"""Train the ranker now and tell what came of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from community.operations.commands import CommunityCommand
from feeds.ranking import training


class Command(CommunityCommand):
    help = "Train the ranker on the logged lists; publish it when it beats the formula."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--least", type=int, help="train on so few impressions (default: as the policy says)"
        )
        parser.add_argument("--dry-run", action="store_true", help="measure; keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = training.train(
            now=timezone.now(),
            least=options["least"],
            dry_run=options["dry_run"],
            say=self.stdout.write,
        )
        told = {"trained_on": outcome.trained_on, "figures": outcome.figures}
        self.stdout.write(json.dumps(told, indent=2))
        if outcome.refused:
            raise CommandError(f"Refused: {outcome.refused}. What was in force stays.")
        kept = outcome.artefact
        self.stdout.write(f"{kept} is in force." if kept else "Good enough; nothing was kept.")
