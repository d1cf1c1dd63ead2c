"""Every way out: an address that a viewer asks, or a function that says what reaches them.

`{...}` of an address are filled from the scene. In RECOMMENDED the house brings a note by itself;
in LISTS one looks for it; NOTICES and PAGES are reached by being told or by a link; OUTWARD is for
everybody's machines, kept by shared caches, and says what a visitor may meet, whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from accounts.models import User
from accounts.owndata.sections import SECTIONS
from community.notifications import digest_mail, push_words
from community.notifications.models import (
    DigestMail,
    Notification,
    PushMessage,
    PushSubscription,
)

from .conftest import Viewer
from .kinds import EVERYWHERE, KINDS, NOWHERE, UNRECOMMENDED, VISITOR, WRITER

# In every text of the note, and in no address or query of the sweep.
CANARY = "zyxquokka"
# What one looks for to find the note: echoed by pages, so it proves nothing.
WORD = "lookforthis"
HERE = "lat=31.23&lon=121.47"
Way = str | Callable[[Any, Viewer], str]


# ---------------------------------------------------------------- what no address tells
def digest(scene: Any, viewer: Viewer) -> str:
    """The mail of this morning, as if nothing of it had been looked at."""
    if viewer.person is None:
        return ""
    Notification.objects.filter(person=viewer.person).update(read_at=None)
    now = timezone.now()
    person = User.objects.get(pk=viewer.person_id)
    row = DigestMail(pk=1, person=person, slot=now.date(), due_at=now)
    written = digest_mail.write(row, now=now)
    return f"{written.body}{written.alternatives[0][0]}" if written else ""


def push(scene: Any, viewer: Viewer) -> str:
    """What the browser's push messages about the note would say now."""
    said: list[str] = []
    browser = PushSubscription.objects.filter(person=viewer.person_id).first()
    if browser is None:
        return ""
    about = Notification.objects.filter(person=viewer.person_id, note=scene.note.pk)
    about.update(read_at=None)
    with patch.object(push_words, "sealed", lambda _browser, what: said.append(str(what)) or b""):
        for notice in about:
            row = PushMessage(subscription=browser, notification=notice, about=notice.group)
            push_words.post_for(row, now=timezone.now())
    return "".join(said)


def archive(scene: Any, viewer: Viewer) -> str:
    """What somebody else's archive says of the note; their own words are theirs."""
    if viewer.person_id in (None, scene.note.author_id):
        return ""
    title = f"{CANARY} bowl"
    rows = (str(row).casefold() for section in SECTIONS.values() for row in section.rows(
        viewer.person))  # fmt: skip
    return "".join(row for row in rows if title in row)


def site_map(scene: Any, viewer: Viewer) -> str:
    """The map names addresses only."""
    return CANARY if f"/notes/{scene.note.pk}/" in viewer.reads("/sitemaps/notes/0.xml") else ""


def message_card(scene: Any, viewer: Viewer) -> str:
    """The conversation in which the note was sent on."""
    talk = scene.talks.get(viewer.person_id)
    return viewer.reads(f"/messages/{talk}/") if talk else ""


def message_list(scene: Any, viewer: Viewer) -> str:
    return viewer.reads("/messages/") if viewer.person else ""


def shelf_of_albums(scene: Any, viewer: Viewer) -> str:
    """An album's cover is the note's picture: its address alone tells of it."""
    page = viewer.reads("/people/olive/?shelf=albums")
    return CANARY if scene.token in page or scene.second in page else ""


def api_message_card(scene: Any, viewer: Viewer) -> str:
    talk = scene.talks.get(viewer.person_id)
    return viewer.reads(f"/api/v1/conversations/{talk}/messages/") if talk else ""


def head_says(pattern: str) -> Callable[[Any, Viewer], str]:
    """What the head of the note's page says to other sites; a link in it is followed."""

    def way(scene: Any, viewer: Viewer) -> str:
        head = viewer.reads(f"/notes/{scene.note.pk}/").split("</head>")[0]
        found = re.findall(pattern, head, re.S)
        links = [
            unescape(m)
            for text in found
            for m in re.findall(r'href="http://testserver([^"]+)', text)
        ]
        return "".join([*found, *(viewer.reads(link) for link in links)])

    return way


# ---------------------------------------------------------------- the table
RECOMMENDED: dict[str, Way] = {
    "discover": "/",
    "nearby": f"/nearby/?{HERE}",
    "nearby by distance": f"/nearby/?{HERE}&order=distance",
    "hot": "/hot/",
    "hot of a channel": "/hot/?channel=pottery",
    "channel": "/channels/pottery/",
    "channel above": "/channels/craft/",
    "related": "/notes/{other}/related/",
    "api discover": "/api/v1/feeds/discover/",
    "api nearby": f"/api/v1/feeds/nearby/?{HERE}",
    "api hot": "/api/v1/feeds/hot/",
    "api channel": "/api/v1/channels/pottery/feed/",
}
LISTS: dict[str, Way] = {
    "follow": "/follow/",
    "api follow": "/api/v1/feeds/follow/",
    "tag": f"/tags/{WORD}/",
    "topic": "/topics/leak/",
    "place": "/places/{place}/",
    "brand": "/brands/leakkiln/",
    "product": "/products/{product}/",
    "profile": "/people/alice/",
    "liked shelf": "/people/{me}/?shelf=liked",
    "collected shelf": "/people/{me}/?shelf=collected",
    "search": f"/search/?q={WORD}",
    "search for tags": f"/search/?q={WORD}&tab=tags",
    "search for places": f"/search/?q={WORD}&tab=places",
    "search begins": "/search/",
    "suggestions": f"/search/suggest/?q={WORD}",
    "tags suggested": f"/suggest/tags/?q={WORD}",
    "places suggested": f"/suggest/places/?q={WORD}",
    "album": "/albums/{album}/",
    "shelf of albums": shelf_of_albums,
    "api album": "/api/v1/albums/{album}/notes/",
    "api pins": "/api/v1/people/alice/pins/",
    "api topic": "/api/v1/topics/leak/notes/",
    "api tag": f"/api/v1/tags/{WORD}/notes/",
    "api place": "/api/v1/places/{place}/notes/",
    "api notes": "/api/v1/notes/?channel=pottery",
    "api notes of person": "/api/v1/people/alice/notes/",
    "api liked": "/api/v1/me/liked/",
    "api collected": "/api/v1/me/collected/",
    "api search": f"/api/v1/search/?q={WORD}",
    "api search for tags": f"/api/v1/search/?type=tags&q={WORD}",
    "api search for places": f"/api/v1/search/?type=places&q={WORD}",
    "api suggestions": f"/api/v1/search/suggest/?q={WORD}",
    "api places": f"/api/v1/places/?q={WORD}",
}
NOTICES: dict[str, Way] = {
    "notifications": "/notifications/",
    "api notifications": "/api/v1/notifications/",
    "api groups of notifications": "/api/v1/notifications/groups/",
    "digest": digest,
    "push": push,
}
PAGES: dict[str, Way] = {
    "note": "/notes/{note}/",
    "history": "/notes/{note}/history/",
    "comments": "/notes/{note}/comments/",
    "thread": "/comments/{comment}/",
    "pictures": "/notes/{note}/pictures/",
    "related of it": "/notes/{note}/related/",
    "menu of its card": "/notes/{note}/menu/",
    "pool": "/notes/{note}/pool/",
    "edit": "/notes/{note}/edit/",
    "delete": "/notes/{note}/delete/",
    "share": "/notes/{note}/share/",
    "share link": "/s/{share}/",
    "drafts": "/drafts/",
    "picture file": "/media/notes/{token}/480.jpeg",
    "second cover's file": "/media/notes/{second}/480.jpeg",
    "video": "/notes/{note}/video/",
    "video file": "/media/videos/{video}/480.mp4",
    "message card": message_card,
    "list of messages": message_list,
    "archive of another": archive,
    "api note": "/api/v1/notes/{note}/",
    "api revisions": "/api/v1/notes/{note}/revisions/",
    "api pictures": "/api/v1/notes/{note}/pictures/",
    "api video": "/api/v1/notes/{note}/video/",
    "api comments": "/api/v1/notes/{note}/comments/",
    "api message": api_message_card,
    "api drafts": "/api/v1/me/drafts/",
    "api pool": "/api/v1/notes/{note}/pool/",
}
# Where the author's name stands: nobody who is parted from them meets it.
PEOPLE: dict[str, Way] = {
    "person": "/people/alice/",
    "search for people": "/search/?q=alice&tab=people",
    "api person": "/api/v1/people/alice/",
    "api search for people": "/api/v1/search/?type=people&q=alice",
    "api following": "/api/v1/people/bob/following/",
}
OUTWARD: dict[str, Way] = {
    f"{of} {form}": f"{address}notes.{form}"
    for of, address in (
        ("person's", "/people/alice/"),
        ("tag's", f"/tags/{WORD}/"),
        ("channel's", "/channels/pottery/"),
        ("channel above's", "/channels/craft/"),
        ("place's", "/places/{place}/"),
    )
    for form in ("rss", "atom")
} | {
    "oEmbed": "/oembed/?url=http://testserver/notes/{note}/",
    "framed card": "/embed/notes/{note}/",
    "map of notes": site_map,
    "map of tags": "/sitemaps/tags/0.xml",
    "teaser of the tag": f"/tags/{WORD}{CANARY}/notes.rss",
}
TEASERS: dict[str, Way] = {
    "open graph": head_says(r'<meta property="og:(?:title|description)" content="[^"]*"'),
    "structured data": head_says(r'<script type="application/ld\+json">.*?</script>'),
    "oembed link": head_says(r'<link rel="alternate" type="application/json\+oembed" href="[^"]*"'),
}
WAYS = RECOMMENDED | LISTS | NOTICES | PAGES | OUTWARD | TEASERS
# Ways out that say something of drafts only, or no words of a note at all.
SILENT_ABOUT_PUBLIC = {"drafts", "api drafts", "list of messages"}


def may_be_seen(kind: str, who: str, way: str) -> bool:
    """Whether this way out may mention the note to this viewer."""
    level = KINDS[kind].level(who)
    if way in OUTWARD:
        return KINDS[kind].level(VISITOR) in (EVERYWHERE, UNRECOMMENDED)
    if way in TEASERS:
        # Who may not see the note gets no page of it, and so no head.
        return level != NOWHERE and may_be_seen(kind, who, "oEmbed")
    if way in RECOMMENDED:
        return level == EVERYWHERE or (who == WRITER and level == UNRECOMMENDED)
    if way in LISTS:
        return level in (EVERYWHERE, UNRECOMMENDED)
    # A notice of somebody else's answer under a muted person's note is no list of that person's.
    return level != NOWHERE
