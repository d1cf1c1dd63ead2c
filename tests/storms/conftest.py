"""A database in a file, so that threads meet as they do behind a web server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections


@pytest.fixture
def file_database(tmp_path: Path, db: None) -> Iterator[Path]:
    """The migrated database copied to a file of its own, with the settings of production.

    Every thread opens its own connection to it; nothing is rolled back, the file is thrown away.
    """
    path = tmp_path / "storm.sqlite3"
    kept = connections["default"]
    path.write_bytes(kept.connection.serialize())
    name = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(path)
    connections["default"] = connections.create_connection("default")
    yield path
    connections["default"].close()
    connections.settings["default"]["NAME"] = name
    connections["default"] = kept


@pytest.fixture
def at_once(file_database: Path) -> Callable[..., list[Any]]:
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
