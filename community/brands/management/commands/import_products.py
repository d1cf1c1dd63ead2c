"""Take a brand's catalogue in from a CSV file: manage.py import_products BRAND FILE."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.errors import DomainError
from community.brands.csv_rows import LARGEST_FILE
from community.brands.importing import import_by_operator, told
from community.operations.commands import CommunityCommand


class Command(CommunityCommand):
    help = "Add and change a brand's products from a CSV file. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("brand", help="the brand's handle")
        parser.add_argument("file", type=Path, help="CSV in UTF-8 or GB18030, at most 2 MB")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                raw = file.read(LARGEST_FILE + 1)
            report = import_by_operator(slug=options["brand"], raw=raw, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for fault in told(report.faults):
            self.stderr.write(fault)
        self.stdout.write(
            f"{report.added} added, {report.changed} changed, {report.same} as they were,"
            f" {len(report.faults)} not taken."
        )
