"""Start PostgreSQL, Redis and an S3 server, run the tests there, take all down again.

    python -m tests.scaled                  everything without browser, benchmarks and drills
    python -m tests.scaled tests/search     that folder; further arguments are pytest's own
    ROCKPOOL_TEST_WORKERS=4                 at once, 2 without it

Each worker gets a copy of one migrated database (migrated.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

from .migrated import keep, kept_dump, restore
from .servers import Missing, postgresql, redis, s3, statement, temporary_folder

HIDDEN = {
    "ROCKPOOL_DATABASE_URL_FILE", "ROCKPOOL_REDIS_URL_FILE", "ROCKPOOL_BROKER_URL",
    "ROCKPOOL_BROKER_URL_FILE", "ROCKPOOL_MEDIA_URL", "ROCKPOOL_MEDIA_URL_FILE",
}  # fmt: skip
CHOSEN = "not browser and not bench and not drill"


def main(arguments: list[str]) -> int:
    workers = int(os.environ.get("ROCKPOOL_TEST_WORKERS", "2"))
    # An end by `kill` or a closed terminal takes the servers along as well.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with contextlib.ExitStack() as started:
            return _test(started, workers, arguments)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _test(started: contextlib.ExitStack, workers: int, arguments: list[str]) -> int:
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
        if _run("manage.py", "migrate", "--verbosity", "0", environment=environment):
            return 1
        keep(dump, address)
    _copy(address, workers)
    return _run(
        *("-m", "pytest", "--reuse-db", "-p", "tests.scaled.own_redis", "-n", str(workers)),
        *("-m", CHOSEN, *arguments),
        environment=environment,
    )


def _copy(address: str, workers: int) -> None:
    """The migrated database under the names that pytest-django looks for."""
    for name in ("", *(f"_gw{number}" for number in range(workers))):
        statement(
            f"{address.removesuffix('/rockpool')}/postgres",
            f"CREATE DATABASE test_rockpool{name} TEMPLATE rockpool",
        )


def _run(*command: str, environment: Mapping[str, str]) -> int:
    return subprocess.run([sys.executable, *command], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
