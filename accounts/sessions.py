"""Sessions in the database, as Django keeps them; read by a query that is composed once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from .prepared import Prepared

DATA = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_data", flat=True
    ),
    str,
    datetime,
)


class SessionStore(db.SessionStore):
    """Every page of somebody signed in begins with this row."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        data = DATA.first(self.session_key, timezone.now())
        if data is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(data)
        return found
