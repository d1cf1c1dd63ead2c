"""Plan a draft, take it off the plan, and publish what is due: once, whoever else tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Conflict, DomainError, Invalid, NotFound
from accounts.models import User
from community.models import Note, NoteImage, NoteVideo
from community.notifications.models import Notification
from community.notifications.services import tell
from community.outbox.jobs import enqueue_many
from community.services.access import own_note
from community.services.writing import check_publishable, publish_note

from .models import WHY_LENGTH, Schedule

SOONEST = timedelta(minutes=5)
LATEST = timedelta(days=365)
MOST_PLANNED = 20
# Jobs noted by one look at the clock; the rest waits for the next.
AT_ONCE = 500

Kind = Notification.Kind


def schedule_note(
    *, author: User, note_id: int, publish_at: datetime, now: datetime | None = None
) -> Schedule:
    """Let a draft publish itself then; said again, at another time. Raises Invalid, Conflict,
    NotFound, NotAllowed."""
    now = now or timezone.now()
    _check_time(publish_at, now)
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        note = own_note(author, note_id)
        if note.is_published:
            raise Conflict(_("This note is published already."))
        check_publishable(note)
        others = Schedule.objects.of(author).waiting().exclude(note=note)
        if others.count() >= MOST_PLANNED:
            told = ngettext(
                "You have %(count)d scheduled note already. Publish or cancel one first.",
                "You have %(count)d scheduled notes already. Publish or cancel one first.",
                MOST_PLANNED,
            )
            raise Invalid(told % {"count": MOST_PLANNED}, field="publish_at", code="too_many")
        plan = {"publish_at": publish_at, "made_at": now, "held_since": None, "refused_at": None}
        row, _made = Schedule.objects.update_or_create(note=note, defaults=plan | {"why": ""})
    return row


def unschedule_note(*, author: User, note_id: int) -> bool:
    """Take a draft off the plan; False when it was on none. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        note = own_note(author, note_id)
        return bool(Schedule.objects.filter(note=note).delete()[0])


def note_what_is_due(*, now: datetime) -> int:
    """Note a job for every schedule that is due; how many."""
    due = Schedule.objects.due(now).order_by("publish_at", "pk").values_list("pk", flat=True)
    ids = list(due[:AT_ONCE])
    enqueue_many("schedules.publish", [(pk, {"note": pk}) for pk in ids])
    return len(ids)


def publish_scheduled(*, note_id: int, now: datetime) -> bool:
    """Publish a note whose time has come. False where it waits, was refused or has no plan any
    more; its author is told of the first two."""
    with transaction.atomic():
        # The note first, as who publishes by hand: held the other way round, both would wait.
        Note.objects.select_for_update(no_key=True).filter(pk=note_id).first()
        row = Schedule.objects.select_for_update(no_key=True).due(now).filter(pk=note_id).first()
        if row is None:
            return False
        note = Note.objects.select_related("author__profile").get(pk=note_id)
        if _is_being_prepared(note):
            return _hold(row, note, now)
        with translation.override(note.author.profile.language or translation.get_language()):
            try:
                publish_note(author=note.author, note_id=note.pk, now=now)
            except (Conflict, NotFound):  # published or deleted meanwhile: as its author wished
                row.delete()
                return False
            except DomainError as refusal:
                return _refuse(row, note, str(refusal), now)
        tell(person_id=note.author_id, kind=Kind.PUBLISHED, note_id=note.pk, now=now)
    return True


def _is_being_prepared(note: Note) -> bool:
    """Whether one of its pictures, or its video, is not ready yet."""
    pictures = note.images.filter(state=NoteImage.State.PROCESSING)
    video = NoteVideo.objects.filter(note=note, state=NoteVideo.State.PROCESSING)
    return pictures.exists() or video.exists()


def _hold(row: Schedule, note: Note, now: datetime) -> bool:
    """It waits for its pictures; its author is told once."""
    if Schedule.objects.filter(pk=row.pk, held_since=None).update(held_since=now):
        tell(person_id=note.author_id, kind=Kind.HELD_UP, note_id=note.pk, now=now)
    return False


def _refuse(row: Schedule, note: Note, why: str, now: datetime) -> bool:
    """Its time came and a rule forbade it: it stays a draft, with the reason beside it."""
    Schedule.objects.filter(pk=row.pk).update(refused_at=now, why=why[:WHY_LENGTH])
    tell(person_id=note.author_id, kind=Kind.NOT_PUBLISHED, note_id=note.pk, words=why, now=now)
    return False


def _check_time(publish_at: datetime, now: datetime) -> None:
    if timezone.is_naive(publish_at):
        raise Invalid(_("Say the time with its time zone."), field="publish_at", code="naive")
    if publish_at < now + SOONEST:
        minutes = int(SOONEST.total_seconds() // 60)
        told = ngettext(
            "Choose a time at least %(count)d minute from now.",
            "Choose a time at least %(count)d minutes from now.",
            minutes,
        )
        raise Invalid(told % {"count": minutes}, field="publish_at", code="too_soon")
    if publish_at > now + LATEST:
        raise Invalid(
            _("Choose a time within a year from now."), field="publish_at", code="too_late"
        )
