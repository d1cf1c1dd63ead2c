"""This installation as the settings describe it: what is backed up, and under which code."""

from __future__ import annotations

import subprocess
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from community.databases import SQLITE

from .backup import BackupFailed, Sources


def sources(*, with_keys: bool) -> Sources:
    """What `backup` takes here. Raises BackupFailed where not everything lies in files."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != SQLITE:
        raise BackupFailed(
            "The database is no SQLite file. Back it up with its own tool (pg_dump "
            "--format=custom), and the data folder's media, private and models beside it: see "
            "docs/operations.md."
        )
    if "media" in settings.STORAGES:
        raise BackupFailed(
            "Pictures and private files lie in an object store, and a backup without them would be "
            "none. Let the store keep versions, and copy the database: see docs/operations.md."
        )
    return Sources(
        database=Path(str(database["NAME"])),
        folders={
            "media": Path(settings.MEDIA_ROOT),
            "private": Path(settings.PRIVATE_ROOT),
            "models": Path(settings.MODELS_DIR),
        },
        keys_folder=Path(settings.DATA_DIR) if with_keys else None,
        signing_key=settings.SECRET_KEY,
        key_from_environment=bool(own_signing_key()),
        version=version(),
    )


def own_signing_key() -> str:
    """The signing key that the operator gave by the environment; "" where the folder's rules."""
    try:
        kept = Path(settings.DATA_DIR, "secret_key").read_text(encoding="ascii").strip()
    except OSError:
        kept = ""
    return "" if kept == settings.SECRET_KEY else settings.SECRET_KEY


def version() -> str:
    """What this code calls itself: ROCKPOOL_VERSION, else git's name for it, else nothing."""
    if settings.VERSION:
        return str(settings.VERSION)
    # The code may be root's and the service somebody else's: git asks nothing there unless told.
    asked = ["git", "-c", f"safe.directory={settings.BASE_DIR}", "-C", str(settings.BASE_DIR)]
    asked += ["describe", "--always", "--dirty", "--tags"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def known_migrations() -> set[tuple[str, str]]:
    """(app label, name) of every migration that this code brings or replaces; asks no database."""
    known: set[tuple[str, str]] = set()
    for key, migration in MigrationLoader(None).disk_migrations.items():
        known.add(key)
        known.update((app, name) for app, name in migration.replaces)
    return known
