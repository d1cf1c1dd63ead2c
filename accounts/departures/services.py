"""Close one's account, open it again, and the last act: the account itself goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts import signals
from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.file_store import forget, media_root
from accounts.limits import TooOften, take
from accounts.models import Profile, User
from accounts.owndata.leaving import hindrances_of, is_held
from accounts.tokens import LOGIN_RATE

from .models import Departure


class SettleFirst(Conflict):
    code = "settle_first"


class WrongPassword(NotAllowed):
    code = "wrong_password"


def ask_to_leave(*, person: User, now: datetime) -> Departure:
    """Close the account at once; it is deleted when its time is over. Raises SettleFirst."""
    if open_matters := hindrances_of(person):
        raise SettleFirst(" ".join(open_matters))
    try:
        with transaction.atomic():
            departure = Departure.objects.create(
                person=person,
                asked_at=now,
                due_at=now + timedelta(days=settings.DEPARTURE_DAYS),
            )
            User.objects.filter(pk=person.pk).update(is_active=False)
            person.is_active = False
            signals.person_left.send(sender=User, person=person, now=now)
            signals.profile_changed.send(sender=User, person=person, now=now)
    except IntegrityError:
        raise Conflict(_("This account is closed already.")) from None
    return departure


def check_password(*, person: User, password: str) -> None:
    """For programs, which have no page that asks. Raises TooOften, WrongPassword."""
    allowance = take(scope="login-account", who=f"person {person.pk}", rate=LOGIN_RATE)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    if not person.check_password(password):
        raise WrongPassword(_("The password is wrong."), field="password")


def come_back(*, person: User, now: datetime) -> None:
    """Open a closed account again, until its deletion has begun. Raises NotFound."""
    with transaction.atomic():
        closed = Departure.objects.filter(person=person, state=Departure.State.CLOSED)
        if not closed.delete()[0]:
            raise NotFound(_("This account can no longer be opened again."))
        # One that staff closed meanwhile stays closed.
        User.objects.filter(pk=person.pk).update(is_active=_may_be_open(person))
        person.refresh_from_db()
        signals.profile_changed.send(sender=User, person=person, now=now)


def _may_be_open(person: User) -> bool:
    return getattr(person, "suspended_at", None) is None


def departure_of(person: User) -> Departure | None:
    """Of somebody who can still come back."""
    return Departure.objects.filter(person=person, state=Departure.State.CLOSED).first()


# ---------------------------------------------------------------- the end
def finish(departure: Departure, *, figures: dict[str, int], now: datetime) -> None:
    """Everything else is gone: now the account, or all that it says."""
    person = departure.person
    if person is None:
        return
    avatar = media_root() / person.profile.avatar if person.profile.avatar else None
    with transaction.atomic():
        Departure.objects.filter(pk=departure.pk).update(person=None)
        _blank_log(person)
        kept = is_held(person)
        if kept:
            _empty(person, now)
        else:
            person.delete()
        Departure.objects.filter(pk=departure.pk).update(
            state=Departure.State.GONE, figures=figures, kept_row=kept, done_at=now
        )
        if avatar is not None:
            forget(folders=[avatar])


def _empty(person: User, now: datetime) -> None:
    """A number and nothing else: the ledger's entries and emptied comments hold to it."""
    Profile.objects.filter(person=person).delete()
    name = f"gone-{get_random_string(20, 'abcdefghjkmnpqrstuvwxyz')}"
    person.username, person.email, person.first_name, person.last_name = name, "", "", ""
    person.last_login, person.date_joined = None, now
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    Profile.objects.get_or_create(person=person)


def _blank_log(person: User) -> None:
    """What staff did to the account at the desk stays; its name does not."""
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=about, object_id=str(person.pk)).update(object_repr="-")
