"""Django's cache in a database table, with a counter that loses no count.

The stock `incr` reads and then writes: two processes that count at once count one. Here both happen
in one transaction, which SQLite's IMMEDIATE mode and a row lock elsewhere make exclusive.
"""

from __future__ import annotations

import base64
import pickle
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.utils.timezone import now as tz_now


class CountingDatabaseCache(DatabaseCache):
    _table: str  # set by Django, unknown to its stubs

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a counter and return it. Raises ValueError when there is none."""
        stored_key = self.make_and_validate_key(key, version=version)
        alias = router.db_for_write(self.cache_model_class)
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            value = self._present_value(cursor, alias, stored_key) + delta
            encoded = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
            table = connections[alias].ops.quote_name(self._table)
            update = f"UPDATE {table} SET value = %s WHERE cache_key = %s"  # noqa: S608
            cursor.execute(update, [encoded, stored_key])
        return value

    def _present_value(self, cursor: Any, alias: str, stored_key: str) -> int:
        connection = connections[alias]
        table = connection.ops.quote_name(self._table)
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        now = connection.ops.adapt_datetimefield_value(tz_now().replace(microsecond=0))
        cursor.execute(
            f"SELECT value FROM {table} WHERE cache_key = %s AND expires > %s{lock}",  # noqa: S608
            [stored_key, now],
        )
        row = cursor.fetchone()
        if row is None:
            raise ValueError(f"Key {stored_key!r} not found")
        return int(pickle.loads(base64.b64decode(row[0].encode())))  # noqa: S301 (our own writing)
