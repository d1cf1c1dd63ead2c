"""The ceiling: a new Django project whose one view answers 30 kB, with no middleware at all.

Served by the same server as the community: `granian … tests.bench.bare:application`.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

# The applications of `django-admin startproject`, so that its memory is that of a project.
APPLICATIONS = [
    f"django.contrib.{name}"
    for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
]

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=APPLICATIONS,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of nothing",
    STATIC_URL="/static/",
)

from django.core.wsgi import get_wsgi_application  # noqa: E402 (reads the settings above)

PAGE = b"x" * 30_720


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", bare)]
application = get_wsgi_application()
