"""The two set-ups that figures are taken on: files beside the data, or PostgreSQL and Redis.

`make bench` measures the first. `make bench-scaled` starts the servers of the second and tells
their addresses in the environment.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import django

from tests.template import template

from .house import House

# Of the databases of our Redis, two for each house: its tasks, and its cache.
_numbers = count(2, 2)


@dataclass(frozen=True)
class Sizes:
    """How large the communities are, how often and how long is measured."""

    people: int = 5_628
    notes: int = 31_803
    followers: int = 100_000
    entries: int = 1_000_000
    near: int = 1_000_000
    places: int = 200
    batches: int = 200
    tasks: int = 400
    rounds: int = 5
    seconds: int = 4


# Enough to see that everything works: the figures say nothing.
SMALL = Sizes(
    people=400, notes=1_500, followers=2_000, entries=20_000, near=20_000, places=30, batches=20,
    tasks=40, rounds=2, seconds=2,
)  # fmt: skip


class OnFiles:
    """SQLite, and a broker of files."""

    name, marks = "SQLite", "figures"
    on_servers = False

    def house(self, folder: Path) -> House:
        """A migrated community in this folder that nobody lives in yet."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(template(), folder / "db.sqlite3")
        house = House(folder)
        house.manage("createcachetable", "--database", "cache")
        return house

    def versions(self) -> str:
        return f"{_python()}, SQLite {sqlite3.sqlite_version}"


class OnServers:
    """PostgreSQL and Redis, with a database of its own for each house."""

    name, marks = "PostgreSQL + Redis", "figures on servers"
    on_servers = True

    def house(self, folder: Path) -> House:
        from tests.scaled.servers import statement

        folder.mkdir(parents=True, exist_ok=True)
        number = next(_numbers)
        address = urlsplit(os.environ["ROCKPOOL_DATABASE_URL"])
        name = f"bench_{number}"
        statement(
            address._replace(path="/postgres").geturl(),
            f"CREATE DATABASE {name} TEMPLATE {os.environ['ROCKPOOL_TEST_TEMPLATE']}",
        )
        redis = os.environ["ROCKPOOL_REDIS_URL"].rpartition("/")[0]
        return House(
            folder,
            {
                "ROCKPOOL_DATABASE_URL": address._replace(path=f"/{name}").geturl(),
                "ROCKPOOL_REDIS_URL": f"{redis}/{number}",
            },
        )

    def versions(self) -> str:
        import psycopg
        import redis

        with psycopg.connect(os.environ["ROCKPOOL_DATABASE_URL"]) as connection:
            number = connection.info.server_version
        cache = redis.Redis.from_url(os.environ["ROCKPOOL_REDIS_URL"]).info("server")
        return (
            f"{_python()}, PostgreSQL {number // 10_000}.{number % 10_000} (fsync and"
            f" synchronous_commit off), Redis {cache['redis_version']},"
            f" psycopg {psycopg.__version__}"
        )


SetUp = OnFiles | OnServers


def chosen() -> SetUp:
    """The servers', where some were started for this run."""
    return OnServers() if os.environ.get("ROCKPOOL_TEST_TEMPLATE") else OnFiles()


def _python() -> str:
    return f"{platform.machine()}, Python {platform.python_version()}, Django {django.__version__}"
