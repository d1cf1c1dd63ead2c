"""Starts that cannot succeed: one clear paragraph, another exit code than 0, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drills.house import HIDDEN
from tests.running.test_runner import ROOT, free_port

BAD = {
    "an address that is none": (
        {"ROCKPOOL_DATABASE_URL": "mysql://tide:secretword@localhost/pool"}, "ROCKPOOL_DATABASE_URL"
    ),
    "a number that is none": (
        {"ROCKPOOL_DATABASE_URL": "postgres://localhost:high/pool"}, "ROCKPOOL_DATABASE_URL"
    ),
    "production without hosts": (
        {"ROCKPOOL_ENV": "production", "ROCKPOOL_SECRET_KEY": "k" * 60}, "ROCKPOOL_ALLOWED_HOSTS"
    ),
    "a file of a secret that is not there": (
        {"ROCKPOOL_SECRET_KEY_FILE": "/no/such/file"}, "ROCKPOOL_SECRET_KEY_FILE"
    ),
}  # fmt: skip


@pytest.mark.letter("F10")
@pytest.mark.parametrize("what", BAD)
def test_a_bad_start_says_what_is_wrong(tmp_path: Path, what: str) -> None:
    settings, said = BAD[what]
    kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    arguments = ["--port", str(free_port()), "--data", str(tmp_path), "--no-demo"]
    done = subprocess.run(
        [sys.executable, "-m", "community.runner", *arguments],
        cwd=ROOT, env=kept | settings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert said in told
    assert "Traceback" not in told
    assert "secretword" not in told
