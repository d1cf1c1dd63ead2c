"""python manage.py backup TARGET: everything in one file, while people go on writing."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from community.operations import installation
from community.operations.backup import BackupFailed, Made, forget_older, make_backup
from community.operations.manifest import Keys


class Command(BaseCommand):
    help = "Back up database, pictures, private files, models and keys into one archive."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, or a file that is not there yet")
        parser.add_argument("--without-keys", action="store_true", help="leave the keys out")
        parser.add_argument(
            "--keep",
            type=_at_least_one,
            metavar="N",
            help="of a folder's backups, keep the newest N",
        )
        parser.add_argument("--json", dest="as_json", action="store_true", help="JSON")

    def handle(
        self, *, target: Path, without_keys: bool, keep: int | None, as_json: bool, **_: Any
    ) -> None:
        target = target.expanduser().absolute()
        if keep and not os.path.isdir(target):
            raise CommandError("--keep needs a folder as the target.")
        try:
            sources = installation.sources(with_keys=not without_keys)
            made = make_backup(sources, target, now=timezone.now())
            deleted = forget_older(target, keep=keep) if keep else []
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_for_programs(made) if as_json else _in_words(made, len(deleted)))


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("must be at least 1")
    return int(text)


def _for_programs(made: Made) -> str:
    manifest = made.manifest
    return json.dumps(
        {
            "path": str(made.path),
            "made_at": manifest.made_at,
            "files": len(manifest.files),
            "bytes": manifest.total_bytes,
            "archive_bytes": made.archive_bytes,
            "keys_included": manifest.keys.included,
            "seconds": round(made.seconds, 2),
        }
    )


def _in_words(made: Made, deleted: int) -> str:
    manifest = made.manifest
    lines = [
        f"{made.path}",
        f"  {len(manifest.files)} files, {manifest.total_bytes / 1e6:,.1f} MB, as an archive of "
        f"{made.archive_bytes / 1e6:,.1f} MB, in {made.seconds:.1f} s",
        f"  {about_keys(manifest.keys)}",
    ]
    if manifest.links:
        lines.append(f"  {manifest.links} links were left out: a backup follows none")
    if deleted:
        lines.append(f"  {deleted} older backups were deleted")
    return "\n".join(lines)


def about_keys(keys: Keys) -> str:
    """A sentence on which keys are in the archive and which the operator has to keep."""
    if keys.from_environment:
        return (
            "The signing key is NOT included: it comes from ROCKPOOL_SECRET_KEY. Keep it "
            "elsewhere; without it nobody's second step at log-in opens again."
        )
    if keys.included:
        return "The keys ARE included: who has this file can sign in as anybody. Keep it locked."
    return (
        "The keys are NOT included. Keep secret_key and vapid_key of the data folder elsewhere; "
        "without them nobody's second step at log-in opens again."
    )
