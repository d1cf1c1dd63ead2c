"""Tags on notes: what the author chose and what #hashtags in the text say.

Another name of a tag stores the tag itself; a banned tag is refused on notes that do not carry it
already, where it stays unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.lexicon.models import TagAlias, TagBan
from community.models import Note, Tag, TaggedNote
from community.models.note import MAX_TAGS
from community.text.clean import clean_line
from community.text.hashtags import find_hashtags, tag_key

TAG_LENGTH = 40


def tag_names(*, chosen: Iterable[str], title: str, body: str) -> list[str]:
    """The tags of a note, author's choice first, one per fold. Raises Invalid when too many."""
    typed: dict[str, str] = {}
    for raw in [*chosen, *find_hashtags(title), *find_hashtags(body)]:
        name = clean_line(str(raw).lstrip("#＃"), max_length=TAG_LENGTH)
        if key := tag_key(name):
            typed.setdefault(key, name)
    names = in_their_own_name(typed)
    if len(names) > MAX_TAGS:
        raise Invalid(_("A note has at most %(count)d tags.") % {"count": MAX_TAGS}, field="tags")
    return list(names.values())


def in_their_own_name(typed: Mapping[str, str]) -> dict[str, str]:
    """Tags by key → name, with other names replaced by those of the tags they stand for."""
    meant = _meant(typed)
    names: dict[str, str] = {}
    for key, name in typed.items():
        own, shown = meant.get(key, (key, name))
        names.setdefault(own, shown)
    return names


def _meant(typed: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(key, name) of the tag for each of these keys that is another name of one."""
    rows = TagAlias.objects.filter(key__in=list(typed)).values_list("key", "tag__key", "tag__name")
    return {key: (own, name) for key, own, name in rows}


def set_tags(note: Note, names: Iterable[str]) -> None:
    """Make these the note's tags, in a fixed number of statements. Raises Invalid for a banned
    one that the note does not carry."""
    wanted = {tag_key(name): name for name in names}
    _check_bans(note, wanted)
    tags = ensure_tags(wanted)
    TaggedNote.objects.filter(content_object=note, tag__ban=None).exclude(tag__in=tags).delete()
    TaggedNote.objects.bulk_create(
        [TaggedNote(tag=tag, content_object=note) for tag in tags], ignore_conflicts=True
    )


def _check_bans(note: Note, wanted: Mapping[str, str]) -> None:
    bans = TagBan.objects.filter(tag__key__in=list(wanted))
    refused = bans.exclude(tag__tagged__content_object=note).select_related("tag").first()
    if refused is not None:
        raise Invalid(
            _("The tag “%(tag)s” cannot be used here: %(reason)s")
            % {"tag": refused.tag.name, "reason": refused.reason},
            field="tags",
        )


def tag_ids(names: Mapping[str, str]) -> dict[str, int]:
    """Ids by the keys as they were written, tags made where missing; banned ones left out."""
    meant = _meant(names)
    own = {key: meant.get(key, (key, name)) for key, name in names.items()}
    tags = ensure_tags(dict(own.values()))
    banned = set(TagBan.objects.filter(tag__in=tags).values_list("tag", flat=True))
    ids = {tag.key: tag.pk for tag in tags if tag.pk not in banned}
    return {key: ids[of] for key, (of, _name) in own.items() if of in ids}


def shown_names(note: Note) -> list[str]:
    """Names of the note's tags, without those that were banned since."""
    tags = Tag.objects.filter(tagged__content_object=note).shown().order_by("tagged__pk")
    return list(tags.values_list("name", flat=True))


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
