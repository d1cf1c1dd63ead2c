"""Start PostgreSQL and Redis and take the figures that they have: `make bench-scaled WRITE=1`.

python -m tests.scaled.bench                  what we hold ourselves to, on these servers
python -m tests.scaled.bench --small          small and short: whether it works
python -m tests.scaled.bench -k json          arguments are pytest's own
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from tests.bench.house import tools_missing

from .opening import opened, run, with_servers
from .servers import Missing

FOLDER = Path("tests/bench")


def main(arguments: list[str]) -> int:
    places = [
        *sorted(map(str, FOLDER.glob("test_held_*.py"))),
        str(FOLDER / "test_tick_at_size.py"),
    ]

    def measure(started: contextlib.ExitStack) -> int:
        if missing := tools_missing():
            named = " and ".join(missing)
            raise Missing(f"{named}: not installed. On Debian: apt-get install wrk util-linux")
        environment = opened(started, workers=0)
        if "ROCKPOOL_REDIS_URL" not in environment:
            return 1  # it was said how to install it
        return run(
            *("-m", "pytest", "-q", "-s", "-n", "0", "-m", "bench", *places, *arguments),
            environment=environment,
        )

    return with_servers(measure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
