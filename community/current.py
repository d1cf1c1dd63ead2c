"""A part of an open page that is asked for again and again, or 304 while it shows just that."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag


def current_part(request: HttpRequest, html: str) -> HttpResponse:
    etag = etag_of(html)
    response = HttpResponse(html, headers={"ETag": etag})
    # Not `no-store`, as the page itself is: this is asked for again and again.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "Cookie", "Accept-Language"])
    return get_conditional_response(request, etag=etag, response=response) or response


def etag_of(html: str) -> str:
    """Over what is read and not over what it was made of: nothing that shows can be left out."""
    return quote_etag(hashlib.sha256(html.encode()).hexdigest()[:32])
