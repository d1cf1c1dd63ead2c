"""What was written before, as rules ask for it (matching.Past), from rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from community.media import alike
from community.messaging.models import Message
from community.models import Comment, Note, NoteImage
from community.originality.looks import looks_at
from community.originality.models import Band
from community.text import duplicates
from community.text.disguise import letters_of

from .matching import COMMENT, MESSAGE, NOTE, Written
from .models import Said

# Shorter ones are said by everybody: "so beautiful!"
LEAST_LETTERS = 12
# Notes nearly the same that are looked up.
NEAR_AT_MOST = 50


def said_digest(text: str) -> int | None:
    """What a text is found by when somebody else writes it; None for one too short."""
    letters = letters_of(text)
    return duplicates.digest(letters) if len(letters) >= LEAST_LETTERS else None


def remember(written: Written) -> None:
    """Keep what a note or comment says now, so that the same is known when it comes again."""
    if written.place not in (NOTE, COMMENT):
        return
    key = {written.place: written.pk}
    digest = said_digest(written.text)
    if digest is None:
        Said.objects.filter(**key).delete()
        return
    said = {"author_id": written.author_id, "digest": digest, "at": written.at}
    if written.place == NOTE:
        Said.objects.update_or_create(note_id=written.pk, defaults=said)
    else:
        Said.objects.update_or_create(comment_id=written.pk, defaults=said)


def hashes_of(note_ids: Iterable[int]) -> list[str]:
    """Perceptual hashes of these notes' pictures, those that tell something."""
    ready = NoteImage.objects.filter(
        note__in=note_ids, state=NoteImage.State.READY, is_text_card=False
    ).exclude(phash="")
    rows = ready.order_by("pk").values_list("phash", "measures")
    return [phash for phash, measures in rows if alike.tells_something(measures)]


class RowsPast:
    def count(
        self, author_id: int, places: Sequence[str], *, since: datetime, until: datetime
    ) -> int:
        count = 0
        if NOTE in places:
            notes = Note.objects.filter(author=author_id, state=Note.State.PUBLISHED)
            count += notes.filter(published_at__gt=since, published_at__lte=until).count()
        if COMMENT in places:
            comments = Comment.objects.filter(author=author_id)
            count += comments.filter(created_at__gt=since, created_at__lte=until).count()
        if MESSAGE in places:
            sent = Message.objects.filter(sender=author_id, event="")
            count += sent.filter(created_at__gt=since, created_at__lte=until).count()
        return count

    def same_said(
        self, written: Written, *, within: timedelta
    ) -> tuple[set[int], list[tuple[str, int]]]:
        around = (written.at - within, written.at + within)
        authors: set[int] = set()
        others: list[tuple[str, int]] = []
        if (digest := said_digest(written.text)) is not None:
            same = Said.objects.filter(digest=digest, at__range=around)
            for author, note, comment in same.values_list("author", "note", "comment"):
                if author != written.author_id:
                    authors.add(author)
                    others.append((NOTE, note) if note else (COMMENT, comment))
        if written.place == NOTE:
            for pk, author in _notes_nearly_the_same(written, around):
                authors.add(author)
                others.append((NOTE, pk))
        return authors, list(dict.fromkeys(others))

    def pictures(self, note_id: int) -> list[str]:
        return hashes_of([note_id])


def _notes_nearly_the_same(
    written: Written, around: tuple[datetime, datetime]
) -> list[tuple[int, int]]:
    """(id, author) of other people's notes of that time with nearly the same words."""
    words = duplicates.own_words(*(text for _name, text in (*written.fields, ("", ""))[:2]))
    keys = duplicates.band_keys(duplicates.signature(duplicates.grams(words)))
    if not keys:
        return []
    found = Band.objects.filter(key__in=keys, image=None, since__range=around)
    ids = set(found.exclude(note=written.pk).values_list("note_id", flat=True)[:NEAR_AT_MOST])
    return [
        (look.note_id, look.author_id)
        for look in looks_at(ids)
        if look.author_id != written.author_id
        and duplicates.likeness(words, look.words) >= duplicates.ALIKE
    ]
