"""The notes of a person for their archive: every text there was, every file that is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.owndata.sections import FILES, Row, Section, by_key, register

from .models import Note, NoteImage, NoteVideo
from .services.pictures import renditions_path
from .services.videos import video_path


def _notes(person: User) -> Iterator[Row]:
    notes = (
        Note.objects.filter(author=person)
        .select_related("channel", "place", "stats", "video", "schedule")
        .prefetch_related("images", "revisions", "tagged__tag", "product_links__product__brand")
    )
    for page in by_key(notes, key=lambda note: note.pk):
        for note in page:
            yield _note(note)


def _note(note: Note) -> Row:
    pictures, files = _pictures(note)
    video = _video(note)
    if video is not None:
        files += video.pop(FILES)
    return {
        "note": note.pk,
        "state": note.state,
        "title": note.title,
        "body": note.body,
        "tags": [row.tag.name for row in sorted(note.tagged.all(), key=lambda row: row.pk)],
        "channel": note.channel.slug,
        "visibility": note.visibility,
        "licence": note.licence,
        "ai_made": note.ai_made,
        "disclosure": note.disclosure,
        "language": note.language,
        "place": _place(note),
        "products": [_product(link) for link in note.product_links.all()],
        "pictures": pictures,
        "video": video,
        "revisions": [_revision(row) for row in note.revisions.all()],
        "counts": _counts(note),
        "publish_at": schedule.publish_at
        if (schedule := getattr(note, "schedule", None))
        else None,
        "created_at": note.created_at,
        "published_at": note.published_at,
        "edited_at": note.edited_at,
        "deleted_at": note.deleted_at,
        "hidden_at": note.hidden_at,
        FILES: files,
    }


def _pictures(note: Note) -> tuple[list[Row], list[Any]]:
    """Those that the author gave; cards that we drew are drawn anew from the text."""
    rows: list[Row] = []
    files: list[Any] = []
    poster = video.poster_id if (video := getattr(note, "video", None)) else None
    for image in note.images.all():
        if image.is_text_card or image.pk == poster:
            continue
        best = largest(image.renditions, "jpeg")
        name = f"notes/{note.pk}/{len(rows) + 1}.jpg" if best else None
        if best:
            files.append((name, renditions_path(image.token) / best["filename"]))
        rows.append(
            {
                "file": f"media/{name}" if name else None,
                "alt": image.alt,
                "state": image.state,
                "width": image.width,
                "height": image.height,
                "second_cover": image.second_cover != NoteImage.SecondCover.NO,
            }
        )
    return rows, files


def _video(note: Note) -> Row | None:
    video: NoteVideo | None = getattr(note, "video", None)
    if video is None:
        return None
    best = largest(video.renditions) if video.is_ready else None
    name = f"notes/{note.pk}/video.mp4" if best else None
    return {
        "file": f"media/{name}" if name else None,
        "state": video.state,
        "seconds": video.seconds,
        "alt": video.poster.alt,
        FILES: [(name, video_path(video.token) / best["filename"])] if best else [],
    }


def largest(renditions: list[dict[str, Any]], kind: str = "") -> dict[str, Any] | None:
    fitting = [row for row in renditions if not kind or row.get("format") == kind]
    return max(fitting, key=lambda row: row["width"], default=None)


def _place(note: Note) -> Row | None:
    place = note.place
    if place is None:
        return None
    at = {"latitude": place.latitude, "longitude": place.longitude}
    return {"name": place.name, "city": place.city, **at}


def _product(link: Any) -> Row:
    return {"name": link.product.name, "brand": link.product.brand.name, "link": link.product.link}


def _revision(row: Any) -> Row:
    return {
        "number": row.number,
        "title": row.title,
        "body": row.body,
        "tags": row.tags,
        "visibility": row.visibility,
        "replaced_at": row.replaced_at,
    }


def _counts(note: Note) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for name in ("likes", "collects", "comments", "shares"):
        counted[name] = getattr(getattr(note, "stats", None), name, 0)
    return dict(counted)


register(
    Section(
        "notes",
        _("Your notes, drafts and scheduled notes, with every former text, picture and video."),
        {
            "note": "number of the note in this community",
            "state": "draft or published",
            "title": "at most 100 characters",
            "body": "at most 5,000 characters",
            "tags": "names of tags",
            "channel": "the channel's name in addresses",
            "visibility": "public, followers or private",
            "licence": "reserved, cc-by and so on",
            "ai_made": "whether you said that a machine made it",
            "disclosure": "paid, or empty",
            "language": "as guessed from the text",
            "place": "name, city, latitude, longitude",
            "products": "linked products: name, brand, link",
            "pictures": "in order: file, alt, state, width, height, second_cover",
            "video": "file, state, seconds, alt",
            "revisions": "former texts, newest first: number, title, body, tags, visibility,"
            " replaced_at",
            "counts": "likes, collects, comments, shares",
            "publish_at": "when a scheduled note is to be published",
            "created_at": "when, ISO 8601 in UTC",
            "published_at": "when, ISO 8601 in UTC",
            "edited_at": "when, ISO 8601 in UTC",
            "deleted_at": "when you deleted it; staff could bring it back until now",
            "hidden_at": "when staff hid it",
        },
        _notes,
        (
            "community.Note", "community.NoteImage", "community.NoteVideo",
            "community.NoteRevision", "community.NoteStats", "schedules.Schedule",
            "brands.NoteProduct",
        ),
    )
)  # fmt: skip
