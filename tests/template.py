"""A migrated database that all tests of a checkout begin with.

Migrating from nothing takes half a minute and gives the same file as long as no migration and no
dependency changes. So it is done once, kept in `.build/tests/` under a digest of both, and copied.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".build" / "tests"


def template() -> Path:
    """The SQLite file with all tables and nothing that a person made; made now if need be."""
    KEPT.mkdir(parents=True, exist_ok=True)
    # One process makes it; the others wait here, and find it made.
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = KEPT / f"{digest()}.sqlite3"
        if not made.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            _make(made)
        return made


def _make(made: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        told = os.environ | {"ROCKPOOL_DATA": folder}
        # As a community that runs has it: in the environment of tests the cache has no table.
        told.pop("ROCKPOOL_ENV", None)
        # Also where the tests themselves run on PostgreSQL.
        for name in ("ROCKPOOL_DATABASE_URL", "ROCKPOOL_REDIS_URL"):
            told.pop(name, None)
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=told, check=True)
        # Not copied: no other process has it open, so that nothing is left in a -wal file.
        Path(folder, "db.sqlite3").rename(made)


def digest() -> str:
    """Of every migration of the project, and of the packages that bring more of them."""
    digest = hashlib.sha256()
    for app in ("accounts", "community", "feeds"):
        for path in sorted((ROOT / app).rglob("migrations/*.py")):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    digest.update((ROOT / "requirements.txt").read_bytes())
    return digest.hexdigest()[:16]
