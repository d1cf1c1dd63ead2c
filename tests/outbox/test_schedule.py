"""A task that the clock shall wake is one that beat knows."""

from __future__ import annotations

from django.conf import settings

from community.celery import app


def test_every_periodic_task_is_in_the_schedule():
    app.loader.import_default_modules()
    ours = {name for name, task in app.tasks.items() if hasattr(task, "once")}
    # Other tests register tasks of their own in this process.
    known = {name for name in ours if not name.startswith("test.")}
    assert known
    assert known == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
