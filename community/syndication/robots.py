"""Where robots need not go, and where the map is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .answers import base_of

ROBOTS = """User-agent: *
Disallow: /account/
Disallow: /admin/
Disallow: /api/
Disallow: /compose/
Disallow: /drafts/
Disallow: /events/
Disallow: /language/
Disallow: /notifications/
Disallow: /report/
Disallow: /s/
Disallow: /settings/
Disallow: /unsubscribe/
Disallow: /welcome/
"""


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    text = f"{ROBOTS}\nSitemap: {base_of(request)}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
