"""What operators do to tags: merge them, give them other names, ban them.

Everything that hangs on a tag moves with it in one transaction; rows of other rooms are moved by
those rooms, who hear of it (`signals.tags_merged`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community import signals
from community.lexicon.models import TagAlias, TagBan
from community.models import Note, Tag, TaggedNote
from community.outbox.jobs import enqueue_many
from community.text.clean import clean_line
from community.text.hashtags import MAX_TAG_LENGTH, tag_key

from .tagging import ensure_tags

# Notes that one job indexes, and tags that are merged at once.
AT_ONCE = 500
MOST_MERGED = 200

MOVE_NOTES = """
INSERT INTO community_taggednote (tag_id, content_object_id)
SELECT DISTINCT CAST(%s AS BIGINT), content_object_id FROM community_taggednote
WHERE tag_id IN ({marks}) ON CONFLICT DO NOTHING
"""


def merge_tags(*, into: Tag, tags: Iterable[Tag], now: datetime) -> int:
    """Make these tags one: notes and people who carry them carry `into`; how many were merged.

    Their names stay as other names of it. Raises Invalid.
    1. Notes.  2. Other rooms.  3. Names.  4. The tags go.  5. Cards and search say so.
    """
    gone = [tag for tag in tags if tag.pk != into.pk]
    if not gone:
        raise Invalid(_("Choose at least one other tag to merge into this one."), field="tags")
    if len(gone) > MOST_MERGED:
        raise Invalid(
            _("At most %(count)d tags are merged at once.") % {"count": MOST_MERGED}, field="tags"
        )
    if TagBan.objects.filter(tag=into).exists():
        raise Invalid(_("Tags cannot be merged into a banned one."), field="into")
    ids = [tag.pk for tag in gone]
    with transaction.atomic():
        touched = TaggedNote.objects.filter(tag__in=ids).values_list("content_object_id", flat=True)
        notes = sorted(set(touched))
        _move_notes(ids, into.pk)
        signals.tags_merged.send(sender=Tag, from_ids=ids, into_id=into.pk, now=now)
        TagAlias.objects.filter(tag__in=ids).update(tag=into)
        TagAlias.objects.bulk_create(
            [TagAlias(key=tag.key, name=tag.name, tag=into) for tag in gone], ignore_conflicts=True
        )
        Tag.objects.filter(pk__in=ids).delete()
        say_again(notes)
    return len(gone)


def _move_notes(ids: list[int], into: int) -> None:
    statement = MOVE_NOTES.format(marks=", ".join(["%s"] * len(ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [into, *ids])
    TaggedNote.objects.filter(tag__in=ids).delete()


def say_again(note_ids: list[int]) -> None:
    """Cards, index and catalogue of notes whose tags changed behind their authors' backs."""
    for start in range(0, len(note_ids), AT_ONCE):
        chunk = note_ids[start : start + AT_ONCE]
        Note.objects.filter(pk__in=chunk).update(revision=F("revision") + 1)
        enqueue_many("search.index", [("", {"notes": chunk})])


def add_alias(*, tag: Tag, name: str) -> TagAlias:
    """Another name: whoever writes it from now on gets the tag. Raises Invalid."""
    shown = clean_line(name.lstrip("#＃"), max_length=MAX_TAG_LENGTH)
    key = tag_key(shown)
    if not key:
        raise Invalid(_("This cannot be a tag."), field="name")
    if key == tag.key:
        raise Invalid(_("This is the tag's own name."), field="name")
    if Tag.objects.filter(key=key).exists():
        raise Invalid(
            _("There is a tag of this name: merge it into this one instead."), field="name"
        )
    alias, made = TagAlias.objects.get_or_create(key=key, defaults={"name": shown, "tag": tag})
    if not made and alias.tag_id != tag.pk:
        raise Invalid(
            _("This is another name of #%(tag)s already.") % {"tag": alias.tag.name}, field="name"
        )
    return alias


def remove_alias(*, tag: Tag, alias_id: int) -> None:
    """The name is free again; notes keep the tag. Raises NotFound."""
    if not TagAlias.objects.filter(pk=alias_id, tag=tag).delete()[0]:
        raise NotFound


def ban_tag(*, tag: Tag, reason: str, by: User, now: datetime) -> TagBan:
    """No new note can have it, and nobody is shown it. Raises Invalid.

    Notes keep the tag, so that lifting the ban brings it back.
    """
    words = clean_line(reason, max_length=200)
    if not words:
        raise Invalid(_("Say why: people who try to use the tag are told."), field="reason")
    with transaction.atomic():
        ban, made = TagBan.objects.update_or_create(
            tag=tag, defaults={"reason": words, "banned_at": now, "banned_by": by}
        )
        if made:
            say_again(_notes_of(tag))
    return ban


def ban_word(*, name: str, reason: str, by: User, now: datetime) -> TagBan:
    """Ban a tag that nobody has used yet. Raises Invalid."""
    shown = clean_line(name.lstrip("#＃"), max_length=MAX_TAG_LENGTH)
    if not (key := tag_key(shown)):
        raise Invalid(_("This cannot be a tag."), field="name")
    with transaction.atomic():
        (tag,) = ensure_tags({key: shown})
        return ban_tag(tag=tag, reason=reason, by=by, now=now)


def lift_ban(*, tag: Tag) -> None:
    """The tag may be used and shown again. Raises NotFound."""
    with transaction.atomic():
        if not TagBan.objects.filter(tag=tag).delete()[0]:
            raise NotFound
        say_again(_notes_of(tag))


def _notes_of(tag: Tag) -> list[int]:
    return list(
        TaggedNote.objects.filter(tag=tag)
        .order_by("content_object_id")
        .values_list("content_object_id", flat=True)
    )
