"""oEmbed 1.0 for notes, and the card that other sites then frame.

The card is the one page that may be framed. It has no script and no form and sets no cookie, so
there is nothing in it to lure a click onto; it is the same for everybody.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from accounts.errors import DomainError, Invalid, NotFound
from community.models import Note

from . import reading, shown
from .answers import KEPT_SECONDS, base_of, for_machines
from .shown import File

LONGEST_URL = 2_000
WIDEST, TALLEST, SMALLEST = 550, 640, 120
# What stands under the picture of a card: author, title, labels, the community's name.
WORDS_HEIGHT = 152
# Only the card may be framed, and nothing in it may do anything.
CARD_POLICY = {
    "default-src": [NONE],
    "img-src": [SELF],
    "style-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


class OtherFormat(DomainError):
    """The specification's own answer to formats that are not spoken."""

    status, code = 501, "other_format"


@for_machines
def oembed(request: HttpRequest) -> HttpResponse:
    if request.GET.get("format", "json") != "json":
        raise OtherFormat(_("Only JSON is spoken here."))
    width, height = _at_most(request, "maxwidth", WIDEST), _at_most(request, "maxheight", TALLEST)
    note = reading.open_note(_note_id_in(request))
    base = base_of(request)
    files = shown.files_of(note, base, drawn=True)
    picture = next((file for file in files if file.kind == "image/jpeg"), None)
    height = min(height, _card_height(width, picture))
    answer = JsonResponse(_answer(note, base, width, height) | _thumbnail(picture, width, height))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@xframe_options_exempt
@csp_replace(CARD_POLICY)
@for_machines
def card(request: HttpRequest, note_id: int) -> HttpResponse:
    """Rendered without the request: nothing of who looks can get into it."""
    note, base = reading.open_note(note_id), base_of(request)
    pictures = shown.files_of(note, base, drawn=True)
    context = {
        "note": note,
        "address": f"{base}{note.get_absolute_url()}",
        "labels": shown.labels_of(note),
        "picture": next((file for file in pictures if file.kind == "image/jpeg"), None),
        "site_name": settings.SITE_NAME,
        "LANGUAGE_CODE": settings.LANGUAGE_CODE,
    }
    answer = HttpResponse(render_to_string("syndication/card.html", context))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _note_id_in(request: HttpRequest) -> int:
    """The note that `url` is the page of: an address of this site, and of nothing but a note."""
    url = request.GET.get("url", "")
    if not url or len(url) > LONGEST_URL:
        raise Invalid(_("Say in `url` which note is meant."))
    try:
        parts = urlsplit(url)
        found = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise NotFound from error
    is_ours = parts.scheme in ("http", "https") and parts.netloc == request.get_host()
    if not is_ours or found.url_name != "note":
        raise NotFound
    return int(found.kwargs["note_id"])


def _at_most(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) >= SMALLEST):
        raise Invalid(
            _("`%(name)s` is a number of pixels, at least %(least)d.")
            % {"name": name, "least": SMALLEST}
        )
    return min(int(text), usual)


def _card_height(width: int, picture: File | None) -> int:
    """So that the picture is neither a slit nor a tower: between 1:2 and 1:1 of the width."""
    if picture is None or not picture.width:
        return WORDS_HEIGHT
    ratio = min(1.0, max(0.5, picture.height / picture.width))
    return WORDS_HEIGHT + round(width * ratio)


def _answer(note: Note, base: str, width: int, height: int) -> dict[str, Any]:
    title = shown.title_of(note)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": note.author.profile.name,
        "author_url": f"{base}{note.author.get_absolute_url()}",
        "provider_name": settings.SITE_NAME,
        "provider_url": f"{base}/",
        "cache_age": KEPT_SECONDS,
        "width": width,
        "height": height,
        "html": format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0"'
            ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
            f"{base}{reverse('note-card', args=[note.pk])}",
            title,
            width,
            height,
        ),
    }


def _thumbnail(picture: File | None, width: int, height: int) -> dict[str, Any]:
    """The specification asks that a thumbnail obeys the asked sizes too."""
    if picture is None or picture.width > width or picture.height > height:
        return {}
    return {
        "thumbnail_url": picture.address,
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }
