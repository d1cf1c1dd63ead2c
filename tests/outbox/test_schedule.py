"""A task that the clock shall wake is one that beat knows."""

from __future__ import annotations

from django.conf import settings

from community.celery import app


def test_every_periodic_task_is_in_the_schedule():
    app.loader.import_default_modules()
    known = {name for name, task in app.tasks.items() if hasattr(task, "once")}
    assert known
    assert known == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
