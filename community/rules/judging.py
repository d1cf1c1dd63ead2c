"""Look at what was just written, in the transaction of the write.

1. every version that watches the place looks   2. each finding is a hit, once for each text
3. of the live ones the strictest acts: refuses, holds, reports   4. what was held and holds nothing
any more is shown again
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from community.messaging.models import Message
from community.models import Comment, Note
from community.outbox.jobs import enqueue_many
from community.text import duplicates

from . import acting, refusals, texts, wording
from .book import Book, Watching, current
from .errors import RefusedByRule
from .matching import MESSAGE, NOTE, Finding, Written
from .models import Hit, RuleVersion
from .past import RowsPast, remember

Act = RuleVersion.Act
STRICTNESS = (Act.REFUSE, Act.HOLD, Act.LIMIT, Act.LABEL, Act.REPORT)
# Of other kinds, an edit changes nothing.
MENDABLE = frozenset({"words", "links", "burst", "pictures"})
# Of rules that look at messages, those that look between people who talk with each other: addresses
# and numbers, not words (docs/decisions/0041).
BETWEEN_TWO = frozenset({"links", "rate"})


def judge_note(
    note: Note,
    *,
    now: datetime,
    is_new: bool,
    at: datetime | None = None,
    may_refuse: bool = True,
    kinds: frozenset[str] = frozenset(),
) -> None:
    """Look at a published note. Raises RefusedByRule.

    `at`: when it was written, if not now; `kinds`: only rules of these kinds.
    """
    book = current()
    if not _is_read(book, note.author) or note.visibility == Note.Visibility.PRIVATE:
        return
    written = texts.of_note(texts.notes_to_read().get(pk=note.pk), is_new=is_new, at=at or now)
    found = _judge(book, written, note, now=now, may_refuse=may_refuse, kinds=kinds)
    if not found and not kinds and not is_new:
        _release_mended(note, now=now)


def judge_comment(comment: Comment, *, now: datetime, may_refuse: bool = True) -> None:
    """Look at a comment. Raises RefusedByRule."""
    book = current()
    if _is_read(book, comment.author):
        _judge(book, texts.of_comment(comment), comment, now=now, may_refuse=may_refuse)


def judge_message(message: Message, *, to_stranger: bool) -> None:
    """Look at a message: all of it where nobody has agreed to read it. Raises RefusedByRule."""
    book = current()
    if _is_read(book, message.sender):
        kinds = frozenset() if to_stranger else BETWEEN_TWO
        written = texts.of_message(message)
        _judge(book, written, None, now=written.at, may_refuse=True, kinds=kinds)


def check_text(written: Written) -> None:
    """Refuse a profile that a live rule refuses. Raises RefusedByRule."""
    book = current()
    author = User.objects.filter(pk=written.author_id).first()
    if author is not None and _is_read(book, author):
        _judge(book, written, None, now=written.at, may_refuse=True)


def _is_read(book: Book, author: User) -> bool:
    """What staff writes is not judged: they show what they mean."""
    return bool(book.watching) and not author.is_staff


def _judge(
    book: Book,
    written: Written,
    thing: Note | Comment | None,
    *,
    now: datetime,
    may_refuse: bool,
    kinds: frozenset[str] = frozenset(),
) -> bool:
    """Whether a live rule was hit."""
    findings = list(_findings(book, written, kinds))
    live = sorted(
        ((each.version, found) for each, found in findings if each.is_live),
        key=lambda pair: STRICTNESS.index(Act(pair[0].act)),
    )
    strictest = live[0] if live else None
    if strictest and strictest[0].act == Act.REFUSE and may_refuse:
        _refuse(strictest[0], written, strictest[1])
    for each, found in findings:
        _hit(each, written, found, thing, now=now, acts=(each.version, found) == strictest)
    if others := {other for _each, found in findings for other in found.others}:
        rows = [(f"{place}:{pk}", {"place": place, "pk": pk}) for place, pk in sorted(others)]
        enqueue_many("rules.look_again", rows)
    return strictest is not None


def _findings(
    book: Book, written: Written, kinds: frozenset[str]
) -> Iterator[tuple[Watching, Finding]]:
    past = RowsPast()
    watching = [
        each
        for each in book.watching
        if written.place in each.version.places and (not kinds or each.version.rule.kind in kinds)
    ]
    if any(each.version.rule.kind == "burst" for each in watching):
        remember(written)
    for each in watching:
        if (found := each.condition.look(written, past)) is not None:
            yield each, found


def _refuse(version: RuleVersion, written: Written, found: Finding) -> None:
    refusals.remember(_row(version, written, found, Act.REFUSE))
    field = found.spans[0][0] if found.spans and found.spans[0][0] in ("title", "body") else ""
    words = wording.told(version, written, found, refused=True)
    raise RefusedByRule(str(words), field=field)


def _hit(
    each: Watching,
    written: Written,
    found: Finding,
    thing: Note | Comment | None,
    *,
    now: datetime,
    acts: bool,
) -> None:
    """Write the hit down once for each text, and act for it the first time."""
    row = _row(each.version, written, found, "")
    if written.place == MESSAGE:
        row.save()
        return
    key = {
        "version": row.version,
        "note_id": row.note_id,
        "comment_id": row.comment_id,
        "digest": row.digest,
    }
    rest = {"author_id": row.author_id, "place": row.place, "spans": row.spans, "at": row.at}
    hit, is_new = Hit.objects.get_or_create(**key, defaults=rest)
    if not is_new or not each.is_live or thing is None:
        return
    hit.done = Act.HOLD if each.version.act == Act.REFUSE else Act(each.version.act)
    words = wording.told(each.version, written, found, refused=False)
    if acts:
        hit.decision = acting.do(hit.done, thing, words=words, label=each.version.label, now=now)
    hit.save(update_fields=["done", "decision"])


def _row(version: RuleVersion, written: Written, found: Finding, done: str) -> Hit:
    """Of a message only who wrote it, and when: neither where in it, nor what tells it again."""
    has_row = written.place in (NOTE, "comment") and done != Act.REFUSE
    is_private = written.place == MESSAGE
    return Hit(
        version=version,
        place=written.place,
        note_id=written.pk if has_row and written.place == NOTE else None,
        comment_id=written.pk if has_row and written.place == "comment" else None,
        author_id=written.author_id,
        spans=[] if is_private else [list(span) for span in found.spans],
        digest=0 if is_private else duplicates.digest(written.text),
        at=written.at,
        done=done,
    )


def _release_mended(note: Note, *, now: datetime) -> None:
    """Show a held note again when its author took out all that it was held for."""
    held = Hit.objects.filter(note=note, undone_at=None).exclude(done__in=("", Act.REFUSE))
    rows = list(held.select_related("decision", "version__rule").order_by("pk"))
    if not rows or not all(hit.version.rule.kind in MENDABLE for hit in rows):
        return
    for hit in rows:
        if hit.decision:
            acting.release(note, hit.decision, words=wording.MENDED, now=now)
    held.update(undone_at=now)
