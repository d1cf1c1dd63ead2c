"""Numbers that no column holds, asked for by address or form.

Django answers `pk=10**20` with no row, and hands `pk__in=[10**20]` and the keys of others to the
database, which fails. The desk takes both as they were sent.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In

MOST = 2**63


class InRange(In):
    def get_prep_lookup(self) -> Any:
        return _held(self, super().get_prep_lookup())


class KeysInRange(RelatedIn):
    def get_prep_lookup(self) -> Any:
        return _held(self, super().get_prep_lookup())


class KeyInRange(RelatedExact):
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not _is_held(self.rhs):
            raise EmptyResultSet
        return super().as_sql(compiler, connection)


def _held(lookup: In, values: Any) -> Any:
    return [v for v in values if _is_held(v)] if lookup.rhs_is_direct_value() else values


def _is_held(value: object) -> bool:
    return not isinstance(value, int) or -MOST <= value < MOST


def register() -> None:
    IntegerField.register_lookup(InRange)
    ForeignKey.register_lookup(KeysInRange)
    ForeignKey.register_lookup(KeyInRange)
