"""What is called an empty database is one that migrations alone have filled."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from community.operations.moving.source import Source
from community.operations.moving.target import LEFT, SOWN
from tests.template import template


def test_the_tables_that_migrations_fill_are_known():
    with closing(sqlite3.connect(template())) as migrated:
        tables = Source(migrated).tables() - LEFT
        count = 'SELECT count(*) FROM "{}"'
        filled = {
            name for name in tables if migrated.execute(count.format(name)).fetchone() != (0,)
        }
    assert filled == SOWN
