"""Addresses for machines of others. Each feed hangs on the address of what it is a feed of."""

from django.urls import path
from django.urls.resolvers import URLPattern

import accounts.asking  # noqa: F401 (registers the converters)

from . import oembed, robots, sitemaps
from .news import FORMS, news_view

SUBJECTS = {
    "person": "people/<username:username>/",
    "tag": "tags/<str:key>/",
    "channel": "channels/<slug:slug>/",
    "place": "places/<row:place_id>/",
}


def news_addresses() -> list[URLPattern]:
    return [
        path(f"{address}notes.{form}", news_view(subject, form), name=f"{subject}-{form}")
        for subject, address in SUBJECTS.items()
        for form in FORMS
    ]


urlpatterns = [
    *news_addresses(),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemaps/<slug:section>/<row:first>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("robots.txt", robots.robots, name="robots"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("embed/notes/<row:note_id>/", oembed.card, name="note-card"),
]
