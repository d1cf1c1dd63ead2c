"""PostgreSQL with a migrated database, Redis and an S3 server: what tests are told about them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from .migrated import keep, kept_dump, restore
from .servers import Missing, postgresql, redis, s3, statement, temporary_folder

HIDDEN = {
    "ROCKPOOL_DATABASE_URL_FILE", "ROCKPOOL_REDIS_URL_FILE", "ROCKPOOL_BROKER_URL",
    "ROCKPOOL_BROKER_URL_FILE", "ROCKPOOL_MEDIA_URL", "ROCKPOOL_MEDIA_URL_FILE",
}  # fmt: skip


class NotMigrated(Exception):
    """Django has said why."""


def with_servers(work: Callable[[contextlib.ExitStack], int]) -> int:
    """The exit code of `work`; what it enters into the stack is taken down again."""
    # An end by `kill` or a closed terminal takes the servers along as well.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with contextlib.ExitStack() as started:
            return work(started)
    except Missing as missing:
        print(missing, file=sys.stderr)
    except NotMigrated:
        pass
    return 1


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def opened(started: contextlib.ExitStack, workers: int) -> dict[str, str]:
    """Start the servers; the environment of so many processes that test on them."""
    address = started.enter_context(postgresql())
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN} | {
        "ROCKPOOL_ENV": "test",
        "ROCKPOOL_DATABASE_URL": address,
        # What tests that need a whole database for themselves copy (tests/storms/conftest.py).
        "ROCKPOOL_TEST_TEMPLATE": "rockpool",
        "ROCKPOOL_DATA": str(started.enter_context(temporary_folder())),
    }
    # The tests keep their files in folders of their own; those of the store are told where it is.
    for name, server in (("ROCKPOOL_REDIS_URL", redis), ("ROCKPOOL_TEST_S3", s3)):
        environment.pop(name, None)
        try:
            environment[name] = started.enter_context(server())
        except Missing as missing:
            print(f"{missing}\nGoing on without.", file=sys.stderr)
    dump = kept_dump()
    if not restore(dump, address):
        if run("manage.py", "migrate", "--verbosity", "0", environment=environment):
            raise NotMigrated
        keep(dump, address)
    _copy(address, workers)
    return environment


def _copy(address: str, workers: int) -> None:
    """The migrated database under the names that pytest-django looks for."""
    for name in ("", *(f"_gw{number}" for number in range(workers))):
        statement(
            f"{address.removesuffix('/rockpool')}/postgres",
            f"CREATE DATABASE test_rockpool{name} TEMPLATE rockpool",
        )


def run(*command: str, environment: Mapping[str, str]) -> int:
    return subprocess.run([sys.executable, *command], env=environment, check=False).returncode
