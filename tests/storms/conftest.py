"""A database in a file, so that threads meet as they do behind a web server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections


@pytest.fixture
def file_database(tmp_path: Path, db: None) -> Iterator[str]:
    """The migrated database copied to one of its own, with the settings of production.

    Every thread opens its own connection to it; nothing is rolled back, the copy is thrown away.
    """
    kept = connections["default"]
    copy = _copy_on_postgresql if kept.vendor == "postgresql" else _copy_to_a_file
    with copy(kept, tmp_path) as name:
        test_name = connections.settings["default"]["NAME"]
        connections.settings["default"]["NAME"] = name
        connections["default"] = connections.create_connection("default")
        yield name
        connections["default"].close()
        connections.settings["default"]["NAME"] = test_name
        connections["default"] = kept


@contextmanager
def _copy_to_a_file(kept: Any, folder: Path) -> Iterator[str]:
    path = folder / "storm.sqlite3"
    path.write_bytes(kept.connection.serialize())
    yield str(path)


@contextmanager
def _copy_on_postgresql(kept: Any, folder: Path) -> Iterator[str]:
    """Copied from a database that nobody is connected to, as PostgreSQL wants it."""
    template = os.environ.get("ROCKPOOL_TEST_TEMPLATE", "")
    if not template:
        pytest.skip("needs a migrated database that nobody uses: make test-scaled")
    name = f"{kept.settings_dict['NAME']}_storm"
    with kept._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield name
    with kept._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def at_once(file_database: str) -> Callable[..., list[Any]]:
    """Call functions from so many threads; their answers, and whatever they raise."""

    def call(functions: list[Callable[[], Any]], *, threads: int) -> list[Any]:
        with ThreadPoolExecutor(threads) as pool:
            outcomes = list(pool.map(_outcome, functions))
            for _ in range(threads):
                pool.submit(connections.close_all)
        return outcomes

    return call


def _outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:
        return error
