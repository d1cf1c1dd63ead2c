"""Numbers that no column holds, in a list of those asked for.

Django answers `pk=10**20` with no row, and hands `pk__in=[10**20]` to the database, which fails.
Addresses and forms of the desk bring such lists as they were sent.
"""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In

MOST = 2**63


class InRange(In):
    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        return [v for v in values if not isinstance(v, int) or -MOST <= v < MOST]


def register() -> None:
    IntegerField.register_lookup(InRange)
