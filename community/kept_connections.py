"""Task processes keep their connection to the database from task to task.

Celery closes every connection after each task, whatever `CONN_MAX_AGE` says. A task of ours is
often a bell that finds its work done; opening a connection to PostgreSQL for it took longer than
all the rest of it. Before each task Django's own question is asked instead: one that broke is
closed, the others are tried with their first statement (`CONN_HEALTH_CHECKS`).

Imported by the Celery application, before the settings are there; `CELERY_DB_REUSE_MAX` keeps
Celery from closing.
"""

from __future__ import annotations

from typing import Any

from celery.signals import task_prerun


@task_prerun.connect
def drop_what_broke(task: Any, **_: Any) -> None:
    from django.db import close_old_connections

    if not task.request.is_eager:  # within somebody's transaction
        close_old_connections()
