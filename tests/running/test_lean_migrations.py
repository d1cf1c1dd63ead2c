"""The tables are the same whether Django renders everything again or only what it must."""

import hashlib
import inspect
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.state import ProjectState

ROOT = Path(__file__).resolve().parents[2]
# Of django/db/migrations/state.py in Django 5.2. Where one differs, compare it with what replaces
# it in community/lean_migrations.py, and then write the new digest here.
KNOWN = {
    "add_model": "8ba1235ceae20038",
    "_append_option": "f9de11e7fd6b3567",
    "_remove_option": "3a5ea11976d3f6d7",
}
# The migrations of `feeds` and all they rest on: enough to meet new models, indexes and constraints
# in several apps, and done in seconds.
MIGRATE = """
import sys
from contextlib import nullcontext
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from community.lean_migrations import lean_state
with lean_state() if sys.argv[1] == "lean" else nullcontext():
    call_command(Command(), "feeds", verbosity=0)
"""


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_replaced_is_what_it_was(name: str) -> None:
    source = inspect.getsource(getattr(ProjectState, name))
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == KNOWN[name]


def test_the_tables_are_the_same(tmp_path: Path) -> None:
    plain, lean = (tables_after(way, tmp_path / way) for way in ("plain", "lean"))
    assert "feeds_poolentry" in {name for name, _ in plain}
    assert plain == lean


def tables_after(way: str, folder: Path) -> list[tuple[str, str]]:
    """Name and SQL of all tables, indexes and triggers of a database migrated in this way."""
    told = os.environ | {"ROCKPOOL_DATA": str(folder)}
    for other in ("ROCKPOOL_ENV", "ROCKPOOL_DATABASE_URL", "ROCKPOOL_REDIS_URL"):
        told.pop(other, None)
    command = [sys.executable, "-c", MIGRATE, way]
    subprocess.run(command, cwd=ROOT, env=told | {"PYTHONPATH": str(ROOT)}, check=True)
    with sqlite3.connect(folder / "db.sqlite3") as database:
        return database.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
