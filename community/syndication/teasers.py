"""What other sites and search engines show of a page: Open Graph, Twitter card, JSON-LD.

A page that is not for everybody, or of somebody who may not be indexed, has none and says noindex.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.indexing import may_be_indexed
from accounts.models import User
from community.models import Channel, Note, Place, Tag
from community.templatetags.wording import avatar_address

from . import reading, shown
from .shown import File

SCHEMA = "https://schema.org"
# IPTC's word for what a machine made, as search engines ask for it.
MADE_BY_MACHINE = (
    "https://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
FEED_FORMS = (("rss", "application/rss+xml"), ("atom", "application/atom+xml"))


@dataclass(frozen=True, slots=True)
class Teaser:
    """`facts` is the JSON-LD; `news` are (type, address) of the feeds of this page."""

    kind: str
    title: str
    text: str
    address: str
    facts: dict[str, Any]
    picture: File | None = None
    video: File | None = None
    written_by: str = ""
    written_at: str = ""
    tags: list[str] = field(default_factory=list)
    news: list[tuple[str, str]] = field(default_factory=list)
    oembed: str = ""


def of_note(note: Note, *, tags: list[Tag], base: str) -> Teaser | None:
    """None for a note that is not for everybody."""
    is_public = note.is_shown and note.visibility == Note.Visibility.PUBLIC
    if not is_public or not may_be_indexed(note.author):
        return None
    address = f"{base}{note.get_absolute_url()}"
    files = shown.files_of(note, base, drawn=True)
    pictures = [file for file in files if file.kind == "image/jpeg"]
    return Teaser(
        kind="article",
        title=shown.title_of(note),
        text=shown.teaser_text(note),
        address=address,
        facts=_note_facts(note, tags, pictures, base),
        picture=pictures[0] if pictures else None,
        video=next((file for file in files if file.kind == "video/mp4"), None),
        written_by=f"{base}{note.author.get_absolute_url()}",
        written_at=note.published_at.isoformat(timespec="seconds") if note.published_at else "",
        tags=[tag.name for tag in tags],
        news=_news("person", base, username=note.author.username),
        oembed=f"{base}{reverse('oembed')}?{urlencode({'url': address, 'format': 'json'})}",
    )


def of_person(person: User, *, base: str) -> Teaser | None:
    """None for somebody who may not be indexed."""
    if not may_be_indexed(person):
        return None
    profile, address = person.profile, f"{base}{person.get_absolute_url()}"
    face = f"{base}{avatar_address(profile, '320.jpg')}" if profile.avatar else ""
    who = _person(person, base) | {"description": profile.bio, "image": face}
    who["interactionStatistic"] = _counter("FollowAction", profile.followers_count)
    return Teaser(
        kind="profile",
        title=profile.name,
        text=profile.bio,
        address=address,
        facts=linked_data("ProfilePage", url=address, mainEntity=filled(who)),
        picture=File(face, "image/jpeg", 0, 320, 320, profile.name) if face else None,
        news=_news("person", base, username=person.username),
    )


def of_tag(tag: Tag, *, base: str) -> Teaser | None:
    """None for a tag that nobody outside may know of."""
    if not reading.open_tags().filter(pk=tag.pk).exists():
        return None
    text = _("Notes tagged #%(tag)s.") % {"tag": tag.name}
    return listing(f"#{tag.name}", text, tag, base, _news("tag", base, key=tag.key))


def of_channel(channel: Channel, *, base: str) -> Teaser:
    text = _("Notes about %(channel)s.") % {"channel": channel.name}
    teaser = listing(channel.name, text, channel, base, _news("channel", base, slug=channel.slug))
    if channel.parent:
        teaser.facts["breadcrumb"] = _trail([channel.parent, channel], base)
    return teaser


def of_place(place: Place, *, base: str) -> Teaser | None:
    """None for a place that only notes for few name."""
    if not reading.open_places().filter(pk=place.pk).exists():
        return None
    text = _("Notes about %(place)s.") % {
        "place": ", ".join(filter(None, (place.name, place.city)))
    }
    teaser = listing(place.name, text, place, base, _news("place", base, place_id=place.pk))
    teaser.facts["about"] = _place(place)
    return teaser


# ---------------------------------------------------------------- parts
def listing(
    title: str, text: str, thing: Any, base: str, news: list[tuple[str, str]] | None = None
) -> Teaser:
    """Of a page that lists notes."""
    address = f"{base}{thing.get_absolute_url()}"
    facts = linked_data("CollectionPage", name=title, description=text, url=address)
    return Teaser(
        kind="website", title=title, text=text, address=address, facts=facts, news=news or []
    )


def _news(subject: str, base: str, **address: Any) -> list[tuple[str, str]]:
    return [
        (kind, f"{base}{reverse(f'{subject}-{form}', kwargs=address)}") for form, kind in FEED_FORMS
    ]


def _note_facts(note: Note, tags: list[Tag], pictures: list[File], base: str) -> dict[str, Any]:
    address = f"{base}{note.get_absolute_url()}"
    facts = {
        "url": address,
        "mainEntityOfPage": address,
        "headline": str(note),
        "abstract": " · ".join(shown.labels_of(note)),
        "text": note.body,
        "author": _person(note.author, base),
        "datePublished": note.published_at,
        "dateModified": note.edited_at,
        "image": [file.address for file in pictures],
        "keywords": [tag.name for tag in tags],
        "license": note.licence_deed,
        "digitalSourceType": MADE_BY_MACHINE if note.ai_made else "",
        "contentLocation": _place(note.place) if note.place else None,
        "interactionStatistic": [
            _counter("LikeAction", note.stats.likes),
            _counter("CommentAction", note.stats.comments),
            _counter("ShareAction", note.stats.shares),
        ],
    }
    return linked_data("SocialMediaPosting", **facts)


def linked_data(kind: str, **facts: Any) -> dict[str, Any]:
    """JSON-LD of schema.org, without what is empty."""
    site = {"@type": "WebSite", "name": settings.SITE_NAME}
    return {"@context": SCHEMA, "@type": kind} | filled(facts) | {"isPartOf": site}


def filled(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact not in ("", None, [])}


def _person(person: User, base: str) -> dict[str, Any]:
    return {
        "@type": "Person",
        "name": person.profile.name,
        "alternateName": f"@{person.username}",
        "url": f"{base}{person.get_absolute_url()}",
    }


def _place(place: Place) -> dict[str, Any]:
    """Its name and city. The point stays on our own map."""
    city = {"address": {"@type": "PostalAddress", "addressLocality": place.city}}
    return {"@type": "Place", "name": place.name} | (city if place.city else {})


def _counter(act: str, count: int) -> dict[str, Any]:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"{SCHEMA}/{act}",
        "userInteractionCount": count,
    }


def _trail(channels: list[Channel], base: str) -> dict[str, Any]:
    steps = [
        {
            "@type": "ListItem",
            "position": position,
            "name": channel.name,
            "item": f"{base}{channel.get_absolute_url()}",
        }
        for position, channel in enumerate(channels, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}
