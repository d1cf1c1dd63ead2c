"""The drill: a community is backed up while people join, lost, and brought back elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.test_runner import ROOT, Rockpool, ask, start  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.drill, pytest.mark.letter("F6"), pytest.mark.timeout(900)]

# People join through the service that pages call; each is told only when it is committed.
JOINING = """
from itertools import count
import django; django.setup()
from accounts.models import User
for number in count(1):
    User.objects.create_user(f"person{number}", f"p{number}@example.org", "tide-and-rock-9")
    print(number, flush=True)
"""
COUNTING = """
import django; django.setup()
from accounts.models import Profile, User
names = User.objects.values_list("username", flat=True)
numbers = sorted(int(name.removeprefix("person")) for name in names)
assert numbers == list(range(1, len(numbers) + 1)), "one is missing"
assert Profile.objects.count() == len(numbers)
print(len(numbers))
"""


def on(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False,
    )  # fmt: skip


def environment(data: Path) -> dict[str, str]:
    hidden = {"ROCKPOOL_ENV", "ROCKPOOL_SECRET_KEY", "ROCKPOOL_DATA"}
    return {k: v for k, v in os.environ.items() if k not in hidden} | {
        "DJANGO_SETTINGS_MODULE": "community.settings",
        "ROCKPOOL_DATA": str(data),
        "ROCKPOOL_LOG_LEVEL": "ERROR",
    }


def test_a_community_that_was_lost_is_brought_back_with_everybody_who_had_joined(
    start: Callable[..., Rockpool],  # noqa: F811
    tmp_path: Path,
) -> None:
    # Here and not by the runner: all migrations take minutes on a busy machine.
    prepared = on(tmp_path / "living", "manage.py", "migrate", "-v0")
    assert prepared.returncode == 0, prepared.stderr
    living = start("living")
    living.wait_until_well()
    with subprocess.Popen(
        [sys.executable, "-c", JOINING],
        cwd=ROOT, env=environment(living.data), stdout=subprocess.PIPE, text=True,
    ) as joining:  # fmt: skip
        for line in joining.stdout:
            if int(line) >= 20:
                break
        joined = int(line)
        made = on(living.data, "manage.py", "backup", str(tmp_path / "b.zip"), "--json")
        assert made.returncode == 0, made.stderr
        assert joining.poll() is None  # people joined all the while
        joining.kill()
    refused = on(living.data, "manage.py", "restore", str(tmp_path / "b.zip"), "--replace")
    assert refused.returncode == 1
    assert "already runs" in refused.stderr
    living.end()
    shutil.rmtree(living.data)

    again = tmp_path / "again"
    restored = on(again, "manage.py", "restore", str(tmp_path / "b.zip"))
    assert restored.returncode == 0, restored.stderr
    assert "WARNING" not in restored.stdout
    counted = on(again, "-c", COUNTING)
    assert counted.returncode == 0, counted.stderr
    assert int(counted.stdout) >= joined
    audit = on(again, "manage.py", "audit_invariants", "--json")
    assert json.loads(audit.stdout)["ok"], audit.stdout
    reborn = start("again")
    reborn.wait_until_well()
    assert ask(reborn.port, "/people/person1/")[0] == 200
