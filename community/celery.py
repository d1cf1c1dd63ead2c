"""The Celery application. Tasks are doorbells: what has to be done is read from the database."""

import os

from celery import Celery

from . import bounded_workers as bounded_workers  # gives up a database that hangs
from . import broker as broker  # registers the scheme atomicfiles://
from . import kept_connections as kept_connections  # from task to task
from .operations import tasks_seen as tasks_seen  # counts tasks as they end

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")

app = Celery("rockpool")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
