"""The migrated PostgreSQL database, kept as a dump: migrating from nothing takes longer than many
tests, and gives the same as long as no migration and no dependency changes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.template import KEPT, digest

from .servers import postgresql_programs


def kept_dump() -> Path:
    return KEPT / f"{digest()}.pgdump"


def restore(dump: Path, address: str) -> bool:
    """Fill an empty database; whether there was a dump of these migrations."""
    if not dump.exists():
        return False
    command = [postgresql_programs() / "pg_restore", "--exit-on-error", "--no-owner"]
    subprocess.run([*command, f"--dbname={address}", dump], check=True)
    return True


def keep(dump: Path, address: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.pgdump"):
        old.unlink()
    draft = dump.with_suffix(f".{os.getpid()}")
    command = [postgresql_programs() / "pg_dump", "--format=custom", "--no-owner"]
    subprocess.run([*command, f"--dbname={address}", f"--file={draft}"], check=True)
    draft.rename(dump)
