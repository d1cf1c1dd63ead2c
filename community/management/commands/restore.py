"""python manage.py restore SOURCE: a backup into an empty data folder, or in place of another."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from community.operations import installation
from community.operations.manifest import Manifest
from community.operations.restore import Restored, RestoreRefused, check_archive, restore


class Command(BaseCommand):
    help = "Restore a backup. Nothing is touched before the whole archive has been checked."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="the archive that `backup` made")
        parser.add_argument("--into", type=Path, help="the data folder (default: ROCKPOOL_DATA)")
        parser.add_argument(
            "--replace", action="store_true", help="move aside what is in the folder"
        )
        parser.add_argument("--check", action="store_true", help="only check the archive")

    def handle(
        self, *, source: Path, into: Path | None, replace: bool, check: bool, **_: Any
    ) -> None:
        source = source.expanduser().absolute()
        known = installation.known_migrations()
        try:
            if check:
                manifest = check_archive(source, known_migrations=known)
                self.stdout.write(f"{source} is whole.\n  {_about(manifest)}")
                return
            restored = restore(
                source,
                (into or Path(settings.DATA_DIR)).expanduser().absolute(),
                replace=replace,
                signing_key=installation.own_signing_key(),
                known_migrations=known,
                now=timezone.now(),
            )
        except RestoreRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_in_words(restored))


def _about(manifest: Manifest) -> str:
    return (
        f"made at {manifest.made_at} by {manifest.version or 'code without a name'}: "
        f"{len(manifest.files)} files, {manifest.total_bytes / 1e6:,.1f} MB"
    )


def _in_words(restored: Restored) -> str:
    lines = [
        f"Restored into {restored.folder} in {restored.seconds:.1f} s",
        f"  {_about(restored.manifest)}",
    ]
    if restored.aside:
        lines.append(f"  What was there lies in {restored.aside}; delete it when all is well.")
    if restored.other_key:
        lines.append(
            "  WARNING: the signing key here is another than at the backup. Everybody is signed "
            "out, and authenticator apps do not open. Set ROCKPOOL_SECRET_KEY to the old one."
        )
    lines.append(
        "  Next: start Rockpool, then `manage.py audit_invariants` and `manage.py doctor`."
    )
    return "\n".join(lines)
