"""The front hall (settings, urls, celery, wsgi) and everything that people write."""

from .celery import app as celery_app

__all__ = ["celery_app"]
