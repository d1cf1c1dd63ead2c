"""Commands that need a community say so where none is, and make nothing by asking."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from community.operations import commands

NEED_ONE = (
    ("audit_invariants",), ("explain_pool", "1"), ("learn_quality",), ("train", "all"),
    ("train_ranker",), ("seed",), ("load_demo",),
    ("replay", "--set", "discover.freshness_weight=1"), ("import_community", "-"),
    ("import_products", "nobody", "nothing.csv"),
)  # fmt: skip


@pytest.mark.parametrize("words", NEED_ONE, ids=lambda words: words[0])
def test_an_older_database_is_told_as_such(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_in_memory", lambda: True)
    monkeypatch.setattr(commands, "pending_migrations", lambda: ["feeds.0099_more"])
    with pytest.raises(CommandError, match="first feeds"):
        call_command(*words)


def test_where_no_community_is_none_is_made(tmp_path: Path) -> None:
    """In a process of its own: reading settings makes the key, and nothing else is made."""
    wrong = tmp_path / "wrong"
    said = _said("audit_invariants", wrong)
    assert f"none in {wrong}" in said
    assert "Traceback" not in said
    assert {path.name for path in wrong.iterdir()} == {"secret_key"}


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_bytes(b"something else, and not a database at all" * 100)
    said = _said("audit_invariants", tmp_path)
    assert "cannot be read: file is not a database" in said
    assert "Traceback" not in said


def test_an_empty_database_is_told_as_such(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "db.sqlite3").close()
    (tmp_path / "db.sqlite3").touch()
    said = _said("audit_invariants", tmp_path)
    assert "manage.py migrate" in said
    assert "Traceback" not in said


def _said(command: str, folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "ROCKPOOL_DATA": str(folder)}
    asked = [sys.executable, "manage.py", command]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr
