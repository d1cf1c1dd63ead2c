"""People choose how they are told, and close their ears to what is said under a note."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.models import Note

from .models import Notification, Preferences, ThreadMute
from .topics import TOPICS, Way

MOST_MUTED = 1_000


def preferences_of(person: User) -> Preferences:
    """What somebody chose, or what holds where nobody did (not saved)."""
    return Preferences.objects.filter(person=person).first() or Preferences(person=person)


def choose(
    *,
    person: User,
    ways: Mapping[str, Collection[str]] | None = None,
    from_whom: str | None = None,
    quiet: tuple[time, time] | tuple[()] | None = None,
    digest: str | None = None,
) -> Preferences:
    """Change what is given. `ways` by topic; `quiet` as (from, until), () for no quiet hours.

    Raises Invalid.
    """
    changes: dict[str, Any] = {}
    if from_whom is not None:
        changes["from_whom"] = _one_of(Preferences.Whom.values, from_whom, "from_whom")
    if digest is not None:
        changes["digest"] = _one_of(Preferences.Digest.values, digest, "digest")
    if quiet is not None:
        changes["quiet_from"], changes["quiet_until"] = _hours(quiet)
    with transaction.atomic():
        Preferences.objects.bulk_create([Preferences(person=person)], ignore_conflicts=True)
        found = Preferences.objects.select_for_update(no_key=True).get(person=person)
        if ways is not None:
            changes["ways"] = found.ways | _checked(ways)
        for field, value in changes.items():
            setattr(found, field, value)
        found.save(update_fields=list(changes))
    return found


def stop_digests(*, person_id: int) -> bool:
    """No more mail; False when there was none already."""
    wanted = Preferences.objects.filter(person=person_id).exclude(digest=Preferences.Digest.OFF)
    return bool(wanted.update(digest=Preferences.Digest.OFF))


# ---------------------------------------------------------------- threads
def mute_thread(*, person: User, note_id: int, now: datetime) -> bool:
    """Tell nothing more of the comments under a note, and take what was told as read; False when
    already so. Raises NotFound, Invalid."""
    if not Note.objects.visible_to(person).filter(pk=note_id).exists():
        raise NotFound
    mine = ThreadMute.objects.filter(person=person)
    with transaction.atomic():
        if mine.count() >= MOST_MUTED:
            raise Invalid(_("You have muted very many notes already. Hear some of them again."))
        _row, made = mine.get_or_create(
            person=person, note_id=note_id, defaults={"created_at": now}
        )
        told = Notification.objects.filter(person=person, note=note_id, read_at=None)
        told.exclude(comment=None).update(read_at=now)
    return made


def unmute_thread(*, person: User, note_id: int) -> bool:
    return bool(ThreadMute.objects.filter(person=person, note=note_id).delete()[0])


def muted_threads(person: User) -> QuerySet[Note]:
    """Notes whose comments somebody closed their ears to, as far as they may still see them."""
    muted = ThreadMute.objects.filter(person=person).values("note")
    return Note.objects.filter(pk__in=muted).visible_to(person).order_by("-pk")


def _one_of(known: Collection[str], given: str, field: str) -> str:
    if given not in known:
        raise Invalid(_("Choose one of those offered."), field=field)
    return given


def _hours(quiet: tuple[time, time] | tuple[()]) -> tuple[time | None, time | None]:
    if not quiet:
        return None, None
    if quiet[0] == quiet[1]:
        raise Invalid(_("Quiet hours begin and end at different times."), field="quiet_until")
    return quiet


def _checked(ways: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """As it is kept: known topics and ways only, in their order."""
    unknown = ways.keys() - TOPICS.keys()
    if unknown or any(set(chosen) - set(Way.values) for chosen in ways.values()):
        raise Invalid(_("Choose one of those offered."), field="ways")
    return {topic: [way for way in Way.values if way in chosen] for topic, chosen in ways.items()}
