"""A community on PostgreSQL, with a broker behind a proxy that can break."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.drills.house import Community
from tests.scaled.fault_proxy import FaultProxy, proxied
from tests.scaled.rabbitmq import rabbitmq_server
from tests.scaled.server import Missing, Server
from tests.scaled.servers import redis_server, statement

TEMPLATE = os.environ.get("ROCKPOOL_TEST_TEMPLATE", "")
# What one statement may take; half a minute in production, where nobody waits for a drill.
STATEMENT_SECONDS = 5


class ScaledCommunity(Community):
    """Its rows lie in a PostgreSQL database, a copy of the migrated one."""

    def __init__(self, data: Path, database: str, **told: str) -> None:
        self.database = database
        super().__init__(data)
        self.settings |= {"ROCKPOOL_DATABASE_URL": database, "ROCKPOOL_REDIS_URL": ""} | told

    def lay_out(self) -> None:
        """The database is there already."""

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read beside the running community; places of values are written as SQLite's."""
        import psycopg  # not where these drills are only collected

        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(sql.replace("?", "%s").encode(), values).fetchall()


@dataclass
class Broker:
    """Redis or RabbitMQ, as a process, and the proxy through which the community reaches it."""

    letter: str
    name: str
    server: Server
    proxy: FaultProxy
    told: dict[str, str]


@pytest.fixture(params=["P", "R"], ids=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Of each set-up of the book."""
    request.node.user_properties.append(("set-up", request.param))
    on_redis = request.param == "P"
    with ExitStack() as started:
        try:
            server = started.enter_context(redis_server() if on_redis else rabbitmq_server())
        except Missing as missing:
            pytest.skip(str(missing))
        proxy, address = started.enter_context(proxied(server.address))
        name = "ROCKPOOL_REDIS_URL" if on_redis else "ROCKPOOL_BROKER_URL"
        yield Broker(
            request.param, "Redis" if on_redis else "RabbitMQ", server, proxy, {name: address}
        )


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a migrated database of its own."""
    address = urlsplit(os.environ["ROCKPOOL_DATABASE_URL"])
    server, name = address._replace(path="/postgres").geturl(), "rockpool_drill"
    statement(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    statement(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield address._replace(path=f"/{name}").geturl()
    statement(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def community(tmp_path: Path, database: str, broker: Broker) -> Iterator[ScaledCommunity]:
    community = ScaledCommunity(tmp_path / "data", database, **broker.told)
    yield community
    community.end()
