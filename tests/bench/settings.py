"""The community's own settings, with one more address: an empty view to compare with."""

from community.settings import *  # noqa: F403
from community.settings import STORAGES

ROOT_URLCONF = "tests.bench.urls"
# No build of static files is needed to measure pages.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
