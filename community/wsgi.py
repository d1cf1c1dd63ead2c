"""The WSGI application. WSGI, not ASGI: the feed path is 5x cheaper there (docs/performance.md)."""

import os

from django.core.wsgi import get_wsgi_application

from community.body_first import BodyFirst

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")

# A page is worked on for milliseconds; four at once keep a core busy while one waits for the disk.
PLACES = int(os.environ.get("ROCKPOOL_WEB_PLACES", "4"))
# A form without JavaScript sends 18 pictures of up to 25 MB at once.
LARGEST_BODY_BYTES = 500_000_000

application = BodyFirst(get_wsgi_application(), places=PLACES, largest_body=LARGEST_BODY_BYTES)
