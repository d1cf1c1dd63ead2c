"""`manage.py seed`: fill a community with synthetic people and notes, to measure and to drill."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from community.operations.commands import CommunityCommand
from feeds.seeding import NAME, Wanted, make


class Command(CommunityCommand):
    help = (
        "Add synthetic people, follows, notes and likes, with timelines, catalogue and search: a"
        " hundred thousand people and a million notes in minutes. Nobody can log in as one of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=1_000)
        parser.add_argument("--notes", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1, help="another one, another community")
        parser.add_argument(
            "--beside-people", action="store_true", help="also where real people have accounts"
        )

    def handle(self, **options: Any) -> None:
        people, notes = options["people"], options["notes"]
        if people < 1 or notes < 0:
            raise CommandError("--people must be at least 1 and --notes at least 0")
        real = User.objects.exclude(username__startswith=NAME.format(number="")).count()
        if real and not options["beside_people"]:
            raise CommandError(
                f"{real} people have accounts here, and what is seeded stays among them. Choose"
                " another ROCKPOOL_DATA, or say --beside-people."
            )
        started = time.monotonic()
        wanted = Wanted(people=people, notes=notes, seed=options["seed"])
        make(wanted, now=timezone.now(), tell=self.stdout.write)
        seconds = time.monotonic() - started
        self.stdout.write(f"{people:,} people and {notes:,} notes in {seconds:.0f} s")
