"""The WSGI application. WSGI, not ASGI: the feed path is 5x cheaper there (docs/performance.md)."""

import os

# Said before the settings are read: whoever answers requests keeps a pool of connections.
os.environ.setdefault("ROCKPOOL_PROCESS", "web")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from community.body_first import BodyFirst
from community.environment import Environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")

# A page is worked on for milliseconds; four at once keep a core busy while one waits for the disk.
PLACES = Environment().int("ROCKPOOL_WEB_PLACES", default=4, least=1)
# A form without JavaScript sends 18 pictures of up to 25 MB at once, or one video.
LARGEST_BODY_BYTES = 500_000_000
# What stands around a video in its form.
FORM_OVERHEAD_BYTES = 1_000_000

application = BodyFirst(
    get_wsgi_application(),
    places=PLACES,
    largest_body=max(
        LARGEST_BODY_BYTES,
        max(settings.VIDEO_LARGEST_BYTES, settings.INTAKE_LARGEST_BYTES) + FORM_OVERHEAD_BYTES,
    ),
)
