"""Start the servers and run the drills that need them: `make drills-scaled ONLY=B2 WRITE=1`.

    python -m tests.scaled.drills                       all of them
    python -m tests.scaled.drills --only-drills "B2"    arguments are pytest's own

Drills that break a server start one of their own; brokers start with each drill (house.py).
"""

from __future__ import annotations

import contextlib
import sys

from .opening import opened, run, with_servers

# Beside the drills made for servers: the move to PostgreSQL, and those of counts and money, which
# run anywhere.
PLACES = (
    "tests/scaled_drills", "tests/scaled/test_moving.py", "tests/storms/test_counts.py",
    "tests/storms/test_wallet.py",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    def drill(started: contextlib.ExitStack) -> int:
        environment = opened(started, workers=0) | {"ROCKPOOL_TEST_DRILLS": "yes"}
        return run(
            *("-m", "pytest", "--reuse-db", "-p", "tests.scaled.own_redis", "-q", "-n", "0"),
            *("-m", "letter", *PLACES, *arguments),
            environment=environment,
        )

    return with_servers(drill)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
