"""Workers and beat wait for an answer of PostgreSQL for some time, and not for ever.

What a task holds is leased and taken again, so it could wait. But a relay that waits rings for
nothing and shows no heart, and a beat that waits sets the clock for nobody: where the server comes
back elsewhere, or the network has forgotten the connection, they would do so until somebody starts
them anew.

Imported by the Celery application, before the settings are there.
"""

from __future__ import annotations

from typing import Any

from celery.signals import beat_init, worker_init
from django.db.backends.signals import connection_created

from .bounded_connections import bound

# Of one of Django's DATABASES: for how long a process without a pool waits for an answer.
SECONDS = "ANSWERED_WITHIN_SECONDS"


@worker_init.connect
@beat_init.connect
def bound_this_process(**_: Any) -> None:
    """And what it forks. A worker has opened nothing yet."""
    connection_created.connect(_bound, dispatch_uid="bounded connections")


def _bound(connection: Any, **_: Any) -> None:
    if seconds := connection.settings_dict.get(SECONDS):
        bound(connection.connection, seconds)
