"""The community's own settings, with what it is compared with: an empty view, and hand-written
ones of the same notes."""

from community.settings import *  # noqa: F403
from community.settings import BASE_DIR, STORAGES, TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests/bench/templates"]}]  # type: ignore[misc]
# No build of static files is needed to measure pages.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
