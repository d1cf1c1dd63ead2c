"""Notes as JSON, any number of them in a fixed number of queries, without model objects.

Nothing here decides what may be seen: ids come from a list or a look-up that passed the gate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from accounts.api.people_rows import author_json
from accounts.models import User
from accounts.prepared import Ids, Prepared
from community.brands.rows import products_of_notes
from community.covers import as_seen
from community.media.video_refusals import refusal_of
from community.models import Collect, Like, Note, NoteImage, NoteVideo, TaggedNote
from community.schedules.models import Schedule

VIDEO_COLUMNS = (
    "state", "progress", "refusal", "token", "renditions", "width", "height", "seconds",
    "has_sound", "created_at",
)  # fmt: skip
COLUMNS = (
    "id", "title", "body", "state", "visibility", "language", "licence", "ai_made", "revision",
    "disclosure", "label", "limited_at",
    "author_id",
    "author__username", "author__profile__display_name", "author__profile__avatar",
    "channel__slug", "channel__name_en", "channel__name_zh",
    "place_id", "place__name", "place__city", "place__latitude", "place__longitude",
    "stats__likes", "stats__collects", "stats__comments", "stats__shares",
    "created_at", "published_at", "edited_at", "hidden_at",
    *(f"video__{name}" for name in VIDEO_COLUMNS),
)  # fmt: skip
PICTURE_COLUMNS = (
    "id", "note_id", "position", "alt", "state", "refusal", "is_text_card", "token", "renditions",
    "width", "height", "placeholder", "second_cover",
)  # fmt: skip
FILE_COLUMNS = ("width", "height", "bytes")

# Composed once a process: that takes longer than the answer.
NOTES = Prepared(lambda ids: Note.objects.filter(pk__in=ids).values_list(*COLUMNS), Ids)
PICTURES = Prepared(
    lambda ids: (
        NoteImage.objects.filter(note__in=ids)
        .order_by("note", "position", "pk")
        .values_list(*PICTURE_COLUMNS)
    ),
    Ids,
)
TAGS = Prepared(
    lambda ids: (
        TaggedNote.objects.filter(content_object__in=ids, tag__ban=None)
        .order_by("pk")
        .values_list("content_object_id", "tag__name")
    ),
    Ids,
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a page's notes: asked once for all of them."""

    base: str
    chinese: bool
    viewer_id: int | None
    pictures: Mapping[int, list[Row]]
    tags: Mapping[int, list[str]]
    plans: Mapping[int, Row] = field(default_factory=dict)
    products: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)
    liked: Collection[int] = field(default=())
    collected: Collection[int] = field(default=())


def notes_json(
    ids: Sequence[int],
    *,
    viewer: User | None,
    base: str,
    liked: Collection[int] | None = None,
    collected: Collection[int] | None = None,
) -> list[dict[str, Any]]:
    """The notes of these ids in this order: six queries, four when the caller knows the hearts,
    one more where drafts are among them.

    `base` is the site's address, e.g. "https://pool.example.org". Ids that are gone are left out.
    """
    me = viewer.pk if viewer is not None else None
    rows = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in NOTES(ids)}
    drafts = [pk for pk, row in rows.items() if row["state"] == Note.State.DRAFT]
    around = Surroundings(
        base=base,
        chinese=(get_language() or "").startswith("zh"),
        viewer_id=me,
        pictures=_pictures(ids),
        tags=_tags(ids),
        plans=_plans(drafts) if drafts else {},
        products=products_of_notes(ids, base=base),
        liked=_reacted(Like, me, ids) if liked is None else liked,
        collected=_reacted(Collect, me, ids) if collected is None else collected,
    )
    return [note_json(rows[pk], around) for pk in ids if pk in rows]


def note_json(row: Row, around: Surroundings) -> dict[str, Any]:
    """One note from a row of COLUMNS. Its author sees pictures that are not ready as well."""
    note_id, mine = row["id"], row["author_id"] == around.viewer_id
    pictures = pictures_json(
        around.pictures.get(note_id, []),
        note_id=note_id,
        author_id=row["author_id"],
        viewer_id=around.viewer_id,
        base=around.base,
    )
    return {
        "id": note_id,
        "url": f"{around.base}/notes/{note_id}/",
        "title": row["title"],
        "body": row["body"],
        "state": row["state"],
        "visibility": row["visibility"],
        "language": row["language"],
        "licence": row["licence"],
        "ai_made": row["ai_made"],
        "revision": row["revision"],
        "disclosure": row["disclosure"],
        "hidden": row["hidden_at"] is not None,
        "label": row["label"],
        # How far it reaches is between its author and us.
        "limited": mine and row["limited_at"] is not None,
        "author": author_json(
            username=row["author__username"],
            display_name=row["author__profile__display_name"],
            avatar=row["author__profile__avatar"],
            base=around.base,
        ),
        "channel": {
            "slug": row["channel__slug"],
            "name": row["channel__name_zh" if around.chinese else "channel__name_en"],
        },
        "place": place_json(row, "place__") if row["place_id"] else None,
        "tags": around.tags.get(note_id, []),
        "products": around.products.get(note_id, []),
        "pictures": pictures,
        "video": video_json(row, "video__", mine=mine, base=around.base),
        "counts": {
            name: row[f"stats__{name}"] or 0 for name in ("likes", "collects", "comments", "shares")
        },
        "viewer": {
            "is_author": mine,
            "liked": note_id in around.liked,
            "collected": note_id in around.collected,
        },
        "created_at": row["created_at"],
        "published_at": row["published_at"],
        "schedule": around.plans.get(note_id),
        "edited_at": row["edited_at"],
    }


def place_json(row: Row, prefix: str = "") -> dict[str, Any]:
    """A place from a row whose columns begin with `prefix`."""
    return {
        "id": row["place_id" if prefix else "id"],
        "name": row[f"{prefix}name"],
        "city": row[f"{prefix}city"],
        "latitude": row[f"{prefix}latitude"],
        "longitude": row[f"{prefix}longitude"],
    }


def picture_json(row: Row, base: str) -> dict[str, Any]:
    """One picture from a row of PICTURE_COLUMNS."""
    folder = f"{base}{settings.MEDIA_URL}notes/{row['token']}/"
    return {
        "id": row["id"],
        "position": row["position"],
        "alt": row["alt"],
        "state": row["state"],
        "refusal": row["refusal"],
        "is_text_card": row["is_text_card"],
        "second_cover": row["second_cover"],
        "width": row["width"],
        "height": row["height"],
        "placeholder": row["placeholder"],
        "renditions": [
            {
                "url": folder + rendition["filename"],
                "format": rendition["format"],
                "width": rendition["width"],
                "height": rendition["height"],
            }
            for rendition in row["renditions"]
        ],
    }


def video_json(row: Row, prefix: str = "", *, mine: bool, base: str) -> dict[str, Any] | None:
    """The video from a row whose columns begin with `prefix`; None where there is none, and to
    others than its author until it is ready."""
    video = {name: row[prefix + name] for name in VIDEO_COLUMNS}
    state, token = video["state"], video.pop("token")
    if state is None or not (mine or state == NoteVideo.State.READY):
        return None
    folder = f"{base}{settings.MEDIA_URL}videos/{token}/"
    files = [
        {"url": folder + file["filename"]} | {side: file[side] for side in FILE_COLUMNS}
        for file in video["renditions"]
    ]
    return video | {"reason": str(refusal_of(video["refusal"])), "renditions": files}


def pictures_json(
    rows: Iterable[Row], *, note_id: int, author_id: int, viewer_id: int | None, base: str
) -> list[dict[str, Any]]:
    """A note's pictures as this viewer meets them: ready ones, the cover on their cards first. Its
    author sees all, in their own order, and which one is the second cover."""
    if viewer_id == author_id:
        return [picture_json(row, base) for row in rows]
    seen = as_seen(
        [row for row in rows if row["state"] == NoteImage.State.READY],
        role=lambda row: row["second_cover"],
        note_id=note_id,
        author_id=author_id,
        viewer_id=viewer_id,
    )
    return [
        picture_json(row, base) | {"position": place, "second_cover": ""}
        for place, row in enumerate(seen)
    ]


def _pictures(ids: Sequence[int]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for values in PICTURES(ids):
        row = dict(zip(PICTURE_COLUMNS, values, strict=True))
        found[row["note_id"]].append(row)
    return found


def _tags(ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for note_id, name in TAGS(ids):
        found[note_id].append(name)
    return found


def _plans(ids: Sequence[int]) -> Mapping[int, Row]:
    said = ("publish_at", "refused_at", "why")
    rows = Schedule.objects.filter(pk__in=ids).values("pk", *said)
    return {row["pk"]: {name: row[name] for name in said} for row in rows}


def _reacted(kind: Any, person_id: int | None, ids: Sequence[int]) -> set[int]:
    if person_id is None:
        return set()
    mine = kind.objects.filter(person=person_id, note__in=ids)
    return set(mine.values_list("note_id", flat=True))
