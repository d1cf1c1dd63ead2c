"""A community in processes of its own: the folder, `python` on it, its runner, and requests."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.running.test_runner import ROOT, Rockpool, free_port
from tests.template import template

# Nobody is refused for being quick: what a drill asks in a minute is more than people do in a day.
NO_LIMITS = {
    "ROCKPOOL_API_RATE": "1000000/1m",
    "ROCKPOOL_COMMENT_RATES": "1000000/1h",
    "ROCKPOOL_NOTE_RATES": "1000000/1h",
    "ROCKPOOL_UPLOAD_RATE": "1000000/1h",
    "ROCKPOOL_SIGNUP_LIMIT": "100000/1m/ip",
}
READ = """
import json, os, sqlite3, sys
rows = sqlite3.connect(os.environ["ROCKPOOL_DATA"] + "/db.sqlite3", timeout=20)
print(json.dumps(rows.execute(sys.argv[1]).fetchall()))
"""
# Its rows and tasks are in its folder, whatever servers the tests themselves have.
HIDDEN = {
    "ROCKPOOL_ENV", "ROCKPOOL_DATA", "ROCKPOOL_SECRET_KEY", "DJANGO_SETTINGS_MODULE",
    "ROCKPOOL_DATABASE_URL", "ROCKPOOL_REDIS_URL",
}  # fmt: skip


class Community:
    """A migrated folder; started and stopped as often as a drill likes."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.started: list[Rockpool] = []
        self.settings = dict(NO_LIMITS)
        # A command that leads to where this community lives.
        self.within: list[str] = []
        data.mkdir(parents=True)
        self.lay_out()

    def lay_out(self) -> None:
        """Everything is migrated, and nobody lives here yet."""
        shutil.copy(template(), self.data / "db.sqlite3")

    @property
    def running(self) -> Rockpool:
        return self.started[-1]

    @property
    def port(self) -> int:
        return self.running.port

    def start(self, **settings: str) -> Rockpool:
        """Web, worker and beat, well."""
        self.started.append(
            Rockpool(self.data, free_port(), within=self.within, **self.settings, **settings)
        )
        self.running.wait_until_well()
        return self.running

    def end(self) -> None:
        for rockpool in self.started:
            rockpool.end()

    def python(self, *arguments: str, **settings: str) -> str:
        """What a command on this folder prints; an error of it fails the drill."""
        done = subprocess.run(
            [*self.within, sys.executable, *arguments],
            cwd=ROOT, env=self.environment(**settings), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def act(self, name: str, *arguments: object) -> Any:
        """What a function of tests/drills/acts.py returns, run on this folder."""
        return json.loads(self.python("-m", "tests.drills.acts", name, *map(str, arguments)))

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in HIDDEN}
        own = {
            "DJANGO_SETTINGS_MODULE": "community.settings",
            "ROCKPOOL_DATA": str(self.data),
            "ROCKPOOL_LOG_LEVEL": "ERROR",
        }
        return kept | own | self.settings | settings

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read beside the running community."""
        if self.within:
            return [tuple(row) for row in json.loads(self.python("-c", READ, sql))]
        with closing(sqlite3.connect(self.data / "db.sqlite3", timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()

    def audit(self) -> None:
        found = json.loads(self.python("manage.py", "audit_invariants", "--json"))
        assert found["ok"], found


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    community = Community(tmp_path / "data")
    yield community
    community.end()


def call(
    port: int,
    path: str,
    *,
    token: str = "",
    body: bytes | dict[str, Any] | None = None,
    key: str = "",
    kind: str = "application/json",
    timeout: float = 30,
) -> tuple[int, bytes]:
    """(status, body) of a request of its own connection; (0, why) where nobody answered whole."""
    headers = {"Connection": "close", "Content-Type": kind}
    if token:
        headers["Authorization"] = f"Token {token}"
    if key:
        headers["Idempotency-Key"] = key
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 (our own)
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 0, repr(error).encode()


def upload(port: int, path: str, *, token: str, name: str, content: bytes) -> tuple[int, bytes]:
    edge = "rockpool-drill"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    return call(port, path, token=token, body=body, kind=kind)


def every(seconds: float, at: Callable[[], float]) -> Iterator[float]:
    """Moments that far apart, by the clock `at`."""
    moment = at()
    while True:
        yield moment
        moment += seconds
