"""Tags on notes: what the author chose and what #hashtags in the text say."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.models import Note, Tag, TaggedNote
from community.models.note import MAX_TAGS
from community.text.clean import clean_line
from community.text.hashtags import find_hashtags, tag_key

TAG_LENGTH = 40


def tag_names(*, chosen: Iterable[str], title: str, body: str) -> list[str]:
    """The tags of a note, author's choice first, one per fold. Raises Invalid when too many."""
    names: dict[str, str] = {}
    for raw in [*chosen, *find_hashtags(title), *find_hashtags(body)]:
        name = clean_line(str(raw).lstrip("#＃"), max_length=TAG_LENGTH)
        if key := tag_key(name):
            names.setdefault(key, name)
    if len(names) > MAX_TAGS:
        raise Invalid(_("A note has at most %(count)d tags.") % {"count": MAX_TAGS}, field="tags")
    return list(names.values())


def set_tags(note: Note, names: Iterable[str]) -> None:
    """Make these the note's tags, in a fixed number of statements."""
    wanted = {tag_key(name): name for name in names}
    tags = ensure_tags(wanted)
    TaggedNote.objects.filter(content_object=note).exclude(tag__in=tags).delete()
    TaggedNote.objects.bulk_create(
        [TaggedNote(tag=tag, content_object=note) for tag in tags], ignore_conflicts=True
    )


def ensure_tags(wanted: dict[str, str]) -> list[Tag]:
    """Tags by key → name, made where missing; safe when two people coin one tag at once."""
    known = set(Tag.objects.filter(key__in=wanted).values_list("key", flat=True))
    Tag.objects.bulk_create(
        [
            Tag(key=key, name=name, slug=key.replace(" ", "-")[:100])
            for key, name in wanted.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )
    return list(Tag.objects.filter(key__in=wanted))
