"""What a browser asks for to make an app of the site. Nothing here knows who asks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from community.models.note import BODY_LENGTH, TITLE_LENGTH

# What the page without a network is made of.
SHELL = (
    "css/rockpool.css", "js/offline.js", "icons.svg", "img/favicon.svg",
)  # fmt: skip


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker rules only over what is below its own address."""
    knows = {
        "offline": reverse("offline"),
        "share": reverse("share-into"),
        "compose": reverse("compose"),
        "notices": reverse("notifications"),
        "events": reverse("events"),
        "icon": static("img/icon-192.png"),
        "shell": [static(name) for name in SHELL],
    }
    code = b"const KNOWS = %b;\n%b" % (orjson.dumps(knows), _worker())
    return HttpResponse(code, content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> bytes:
    return (Path(settings.BASE_DIR) / "static" / "js" / "sw.js").read_bytes()


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page of a browser without a network. It is kept there, so it names nobody."""
    return render(request, "pwa/offline.html")


@require_safe
@cache_control(private=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What to call the app, and what it takes and offers (W3C Web Application Manifest)."""
    return JsonResponse(_manifest(), content_type="application/manifest+json")


def _manifest() -> dict[str, Any]:
    pictures = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/gif"]
    return {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME.split()[0],
        "description": _(
            "A community where every note gets a fair start, and every card says why it is here."
        ),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#F6F8F7",
        "theme_color": "#F6F8F7",
        "categories": ["social", "photo", "lifestyle"],
        "icons": [
            {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("img/icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [
            {"name": _("Write a note"), "url": reverse("compose")},
            {"name": _("Messages"), "url": reverse("conversations")},
            {"name": _("Hot"), "url": reverse("hot")},
        ],
        "share_target": {
            "action": reverse("share-into"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "pictures", "accept": pictures}],
            },
        },
    }


# A phone that shares knows no token of ours. Nothing is changed here: words go on to the form.
@csrf_exempt
@require_POST
def share_into(request: HttpRequest) -> HttpResponse:
    """Where the worker is not running, words come along and pictures are picked again."""
    sent = request.POST
    body = "\n".join(filter(None, (sent.get("text", ""), sent.get("url", ""))))
    words = {"title": sent.get("title", "")[:TITLE_LENGTH], "body": body[:BODY_LENGTH]}
    query = urlencode({name: value for name, value in words.items() if value.strip()})
    answer = HttpResponse(status=303)
    answer["Location"] = f"{reverse('compose')}{'?' if query else ''}{query}"
    return answer
