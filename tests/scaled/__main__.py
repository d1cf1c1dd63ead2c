"""Start PostgreSQL, Redis and an S3 server, run the tests there, take all down again.

    python -m tests.scaled                  everything without browser, benchmarks and drills
    python -m tests.scaled tests/search     that folder; further arguments are pytest's own
    ROCKPOOL_TEST_WORKERS=4                 at once, 2 without it

Each worker gets a copy of one migrated database (migrated.py).
"""

from __future__ import annotations

import contextlib
import os
import sys

from .opening import opened, run, with_servers

CHOSEN = "not browser and not bench and not drill and not long"


def main(arguments: list[str]) -> int:
    workers = int(os.environ.get("ROCKPOOL_TEST_WORKERS", "2"))

    def test(started: contextlib.ExitStack) -> int:
        return run(
            *("-m", "pytest", "--reuse-db", "-p", "tests.scaled.own_redis", "-n", str(workers)),
            *("-m", CHOSEN, *arguments),
            environment=opened(started, workers),
        )

    return with_servers(test)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
