"""The newest notes of a person, tag, channel or place as RSS 2.0 and as Atom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from community.models import Note
from community.models.note import NoteQuerySet

from . import reading, shown
from .answers import base_of, for_machines

NOTES_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is of: how it is found, whose notes it holds, what it is called."""

    find: Callable[..., Any]
    notes: Callable[[NoteQuerySet, Any], NoteQuerySet]
    title: Callable[[Any], str]


SUBJECTS = {
    "person": Subject(
        reading.find_person,
        lambda notes, person: notes.filter(author=person),
        lambda person: person.profile.name,
    ),
    "tag": Subject(
        reading.find_tag,
        lambda notes, tag: notes.filter(tagged__tag=tag),
        lambda tag: f"#{tag.name}",
    ),
    "channel": Subject(
        reading.find_channel,
        lambda notes, channel: notes.in_channel(channel),
        lambda channel: channel.name,
    ),
    "place": Subject(
        reading.find_place,
        lambda notes, place: notes.filter(place=place),
        lambda place: place.name,
    ),
}


class _NoEmptyDate:
    """A feed without notes is of today, not of this second: its ETag holds."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        dates = [item[key] for item in self.items for key in ("pubdate", "updateddate")]
        today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return max((date for date in dates if date), default=today)


class Rss(_NoEmptyDate, Rss201rev2Feed):
    """RSS knows one enclosure: all pictures stand beside it as Media RSS."""

    def rss_attributes(self) -> dict[str, str]:
        media = {"xmlns:media": "http://search.yahoo.com/mrss/"}
        return super().rss_attributes() | media

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        files = item["enclosures"]
        super().add_item_elements(handler, item | {"enclosures": files[:1]})
        for file in item["files"]:
            facts = {"url": file.address, "type": file.kind, "fileSize": str(file.size)}
            facts |= {"width": str(file.width), "height": str(file.height)}
            handler.startElement("media:content", facts)
            if file.alt:
                handler.addQuickElement("media:description", file.alt)
            handler.endElement("media:content")


class Atom(_NoEmptyDate, Atom1Feed):
    """Atom carries every enclosure by itself."""


FORMS: dict[str, type[Rss] | type[Atom]] = {"rss": Rss, "atom": Atom}


class NoteNews(Feed):
    """One feed; Django's class writes the document."""

    def __init__(self, subject: Subject, form: str) -> None:
        self.subject, self.feed_type = subject, FORMS[form]
        self.language = settings.LANGUAGE_CODE

    def get_object(self, request: HttpRequest, **address: Any) -> Any:
        self.base = base_of(request)
        return self.subject.find(**address)

    def title(self, thing: Any) -> str:
        return shown.xml_text(f"{self.subject.title(thing)} · {settings.SITE_NAME}")

    def description(self, thing: Any) -> str:
        name = shown.xml_text(self.subject.title(thing))
        return _("The newest notes: %(name)s.") % {"name": name}

    def link(self, thing: Any) -> str:
        return str(thing.get_absolute_url())

    def items(self, thing: Any) -> list[Note]:
        notes = self.subject.notes(reading.open_notes(), thing)
        return list(reading.with_tags(notes.with_card()).newest()[:NOTES_AT_MOST])

    def item_title(self, note: Any) -> str:
        return shown.title_of(note)

    def item_description(self, note: Any) -> str:
        labels = format_html_join(
            "", "<p><strong>{}</strong></p>", ((x,) for x in shown.labels_of(note))
        )
        pictures = format_html_join(
            "",
            '<p><img src="{}" alt="{}" width="{}" height="{}"></p>',
            (
                (file.address, file.alt, file.width, file.height)
                for file in shown.files_of(note, self.base)
                if file.kind == "image/jpeg"
            ),
        )
        return format_html("{}{}", labels, pictures) + f"<p>{shown.body_html(note, self.base)}</p>"

    def item_pubdate(self, note: Any) -> datetime:
        return note.published_at

    def item_updateddate(self, note: Any) -> datetime:
        return note.edited_at or note.published_at

    def item_author_name(self, note: Any) -> str:
        return shown.xml_text(note.author.profile.name)

    def item_author_link(self, note: Any) -> str:
        return f"{self.base}{note.author.get_absolute_url()}"

    def item_categories(self, note: Any) -> list[str]:
        tags = [shown.xml_text(row.tag.name) for row in note.tagged.all()]
        return [*shown.labels_of(note), note.channel.name, *tags]

    def item_enclosures(self, note: Any) -> list[Enclosure]:
        files = shown.files_of(note, self.base)
        return [Enclosure(file.address, str(file.size), file.kind) for file in files]

    def item_extra_kwargs(self, note: Any) -> dict[str, Any]:
        return {"files": shown.files_of(note, self.base)}


def news_view(subject: str, form: str) -> Callable[..., HttpResponse]:
    """The view of one kind of feed. An instance per request: it holds the request's address."""

    def news(request: HttpRequest, **address: Any) -> HttpResponse:
        return NoteNews(SUBJECTS[subject], form)(request, **address)

    return for_machines(news)
