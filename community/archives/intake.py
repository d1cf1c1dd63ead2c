"""Take in a file that somebody brought: look at it, item by item, and say what became of each."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, DomainError, Invalid, NotFound
from accounts.file_store import Kept, at_hand, files_below, private_root, write
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate
from accounts.services import MIN_INTERESTS, choose_interests, follow_user, person_for
from community.models import Channel
from community.notifications.models import Notification
from community.notifications.services import tell
from community.outbox.jobs import LetGo, enqueue, hold_on
from community.text.clean import clean_line

from .incoming import instagram, pixelfed, rockpool
from .incoming.applying import Applier
from .incoming.items import Faulty, Refused
from .incoming.zips import Box
from .models import Intake

logger = logging.getLogger(__name__)

# Looked for in this order; each can say whether a file is of its kind.
FORMATS: dict[str, ModuleType] = {
    "rockpool": rockpool, "pixelfed": pixelfed, "instagram": instagram,
}  # fmt: skip
MOST_ITEMS = 10_000
TROUBLES_TOLD = 200
FOLLOWED_AT_MOST = 1_000
KEPT_FOR = timedelta(days=1)
State = Intake.State


class GivenUp(Exception):
    """Its person stopped it, or may not come here any more."""


# ---------------------------------------------------------------- bringing
def bring(*, person: User, upload: BinaryIO, name: str, how: str, now: datetime) -> Intake:
    """Keep the file and note the work. Raises Invalid, Conflict, TooOften."""
    if how not in Intake.How.values:
        raise Invalid(_("Choose what becomes of the notes."), field="how")
    if Intake.objects.of(person).on_their_way().exists():
        raise Conflict(_("A file of yours is being taken in already."))
    size = upload.seek(0, os.SEEK_END)
    if size > settings.INTAKE_LARGEST_BYTES:
        words = _("A file is at most %(mb)d MB large.")
        raise Invalid(words % {"mb": settings.INTAKE_LARGEST_BYTES // 1_000_000}, field="file")
    allowance = take(
        scope="intake", who=f"person {person.pk}", rate=Rate.parse(settings.INTAKE_RATE)
    )
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    token = get_random_string(32)
    write(upload, path_of(token))
    try:
        with transaction.atomic():
            intake = Intake.objects.create(
                person=person, how=how, token=token, size=size, asked_at=now,
                name=clean_line(name, max_length=100),
            )  # fmt: skip
            enqueue("archives.take_in", key=intake.pk, intake=intake.pk)
    except IntegrityError:  # another click was faster
        path_of(token).unlink(missing_ok=True)
        raise Conflict(_("A file of yours is being taken in already.")) from None
    return intake


def own_intake(person: User, intake_id: int) -> Intake:
    intake = Intake.objects.of(person).filter(pk=intake_id).first()
    if intake is None:
        raise NotFound
    return intake


def stop(*, person: User, intake_id: int, now: datetime) -> None:
    """What is taken in stays; the rest is left. Stopping what is over changes nothing."""
    intake = own_intake(person, intake_id)
    waiting = Intake.objects.filter(pk=intake.pk).on_their_way()
    waiting.update(state=State.STOPPED, done_at=now)


def path_of(token: str) -> Kept:
    return _root() / token[:2] / token


def _root() -> Kept:
    return private_root() / "incoming"


# ---------------------------------------------------------------- taking in
def take_in(intake_id: int) -> None:
    """Started again after a death, it finds by the items' keys what is done."""
    waiting = Intake.objects.filter(pk=intake_id).on_their_way()
    intake = waiting.select_related("person__profile").first()
    if intake is None or not waiting.update(state=State.RUNNING):
        _forget_file(intake_id)
        return
    with translation.override(intake.person.profile.language or settings.LANGUAGE_CODE):
        try:
            _take_in(intake)
            _end(intake, State.DONE, gettext_lazy("Your file is taken in."))
        except LetGo:
            raise
        except Refused as refused:
            _end(intake, State.REFUSED, gettext_lazy("Your file was not taken."), refused.reason)
        except GivenUp:
            waiting.update(state=State.STOPPED, done_at=timezone.now())
        except Exception:
            logger.exception("Intake %d failed", intake_id)
            words = _("Something broke on our side.")
            _end(intake, State.REFUSED, gettext_lazy("Your file was not taken."), words)
    _forget_file(intake_id)


def _take_in(intake: Intake) -> None:
    with at_hand(path_of(intake.token)) as file, closing(Box(file)) as box:
        kind = next((name for name, form in FORMATS.items() if form.is_it(box)), None)
        if kind is None:
            raise Refused(_("There is nothing in it that is known here."))
        form, now = FORMATS[kind], timezone.now()
        said = Intake.objects.filter(pk=intake.pk)
        said.update(kind=kind, total=_count(form, box), done=0, added=0, there_already=0, refused=0)
        applier = Applier(
            person=intake.person, origin=form.origin(box), how=intake.how, box=box, now=now
        )
        tally = _Tally(intake, applier)
        for item in form.items(box):
            tally.take(item, applier.note)
        if form is rockpool:
            for album in rockpool.albums(box):
                tally.take(album, applier.album)
            _tie(intake.person, box, now)
        tally.say()


def _count(form: ModuleType, box: Box) -> int:
    total = sum(1 for _item in form.items(box))
    total += sum(1 for _album in rockpool.albums(box)) if form is rockpool else 0
    if total > MOST_ITEMS:
        raise Refused(_("There are more than %(n)d notes in it.") % {"n": MOST_ITEMS})
    return total


class _Tally:
    """What became of the items, written down after each."""

    def __init__(self, intake: Intake, applier: Applier) -> None:
        self.intake, self.applier = intake, applier
        self.done = self.added = self.there_already = self.refused = 0
        self.troubles: list[tuple[int, str]] = []

    def take(self, item: Any, apply: Callable[[Any], bool]) -> None:
        self.say()
        self.done += 1
        try:
            if isinstance(item, Faulty):
                raise Refused(item.reason)
            if apply(item):
                self.added += 1
            else:
                self.there_already += 1
        except Refused as refused:
            self.refused += 1
            self._note(item.number, refused.reason)
        for number, reason in self.applier.troubles:
            self._note(number, reason)
        self.applier.troubles.clear()

    def _note(self, number: int, reason: str | Promise) -> None:
        if len(self.troubles) < TROUBLES_TOLD:
            self.troubles.append((number, str(reason)))

    def say(self) -> None:
        """Raises GivenUp where it was stopped, LetGo where this worker is."""
        hold_on(now=timezone.now())
        running = Intake.objects.filter(pk=self.intake.pk, state=State.RUNNING)
        changed = running.update(
            done=self.done, added=self.added, there_already=self.there_already,
            refused=self.refused, troubles=self.troubles,
        )  # fmt: skip
        present = User.objects.present().filter(pk=self.intake.person_id).exists()
        if not changed or not present:
            raise GivenUp


def _tie(person: User, box: Box, now: datetime) -> None:
    """People of the same names who are here, and channels, where none were chosen yet."""
    for name in rockpool.follows(box)[:FOLLOWED_AT_MOST]:
        try:
            follow_user(follower=person, followed=person_for(person, name), now=now)
        except DomainError:
            continue
    known = Channel.objects.open().filter(slug__in=rockpool.interests(box)[:100])
    slugs = list(known.values_list("slug", flat=True))
    if len(slugs) >= MIN_INTERESTS and not person.chosen_interests.exists():
        choose_interests(person=person, slugs=slugs, now=now)


def _end(intake: Intake, state: str, words: Any, why: str | Promise = "") -> None:
    now = timezone.now()
    running = Intake.objects.filter(pk=intake.pk, state=State.RUNNING)
    if running.update(state=state, why=str(why)[:300], done_at=now):
        kind = Notification.Kind.ARCHIVE
        path = "/settings/data/bring/"
        tell(person_id=intake.person_id, kind=kind, words=words, path=path, now=now)


def _forget_file(intake_id: int) -> None:
    token = Intake.objects.filter(pk=intake_id).values_list("token", flat=True).first()
    if token:
        path_of(token).unlink(missing_ok=True)


def forget_strays(*, now: datetime) -> int:
    """Files of intakes that are over, or of none; how many."""
    waiting = set(Intake.objects.all().on_their_way().values_list("token", flat=True))
    before = (now - KEPT_FOR).timestamp()
    strays = [path for path, at in files_below(_root()) if at < before and path.stem not in waiting]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
