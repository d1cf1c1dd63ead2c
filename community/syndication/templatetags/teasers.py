"""What stands in the head of a page for other sites: `{% note_teaser note tags %}` and others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from community.albums.models import Album
from community.brands.models import Brand, Product
from community.models import Channel, Note, Place, Tag
from community.syndication import catalogue_teasers, teasers
from community.syndication.answers import base_of

register = template.Library()
HEAD = "syndication/_head.html"
# What could end the element that the JSON stands in.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.inclusion_tag(HEAD, takes_context=True)
def note_teaser(context: Mapping[str, Any], note: Note, tags: Iterable[Tag]) -> dict[str, Any]:
    return _head(context, teasers.of_note(note, tags=list(tags), base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def person_teaser(context: Mapping[str, Any], person: User) -> dict[str, Any]:
    return _head(context, teasers.of_person(person, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def tag_teaser(context: Mapping[str, Any], tag: Tag) -> dict[str, Any]:
    return _head(context, teasers.of_tag(tag, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def channel_teaser(context: Mapping[str, Any], channel: Channel) -> dict[str, Any]:
    return _head(context, teasers.of_channel(channel, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def place_teaser(context: Mapping[str, Any], place: Place) -> dict[str, Any]:
    return _head(context, teasers.of_place(place, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def album_teaser(context: Mapping[str, Any], album: Album) -> dict[str, Any]:
    return _head(context, catalogue_teasers.of_album(album, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def brand_teaser(context: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    return _head(context, catalogue_teasers.of_brand(brand, base=_base(context)))


@register.inclusion_tag(HEAD, takes_context=True)
def product_teaser(context: Mapping[str, Any], product: Product) -> dict[str, Any]:
    return _head(context, catalogue_teasers.of_product(product, base=_base(context)))


@register.simple_tag
def json_ld(facts: dict[str, Any]) -> SafeString:
    """Data for search engines: no script runs, so the content policy lets it be."""
    text = orjson.dumps(facts).decode().translate(ESCAPES)
    element = '<script type="application/ld+json">{}</script>'
    return format_html(element, mark_safe(text))  # noqa: S308 (escaped just above)


def _head(context: Mapping[str, Any], teaser: teasers.Teaser | None) -> dict[str, Any]:
    return {"teaser": teaser, "site_name": context["site_name"]}


def _base(context: Mapping[str, Any]) -> str:
    return base_of(context["request"])
