"""Every write of teen mode: a code, a pairing, hours, what the guardian opens, the end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts import signals
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.limits import TooOften, take
from accounts.models import Profile, User
from accounts.privacy import CHOICES, SWITCHES
from accounts.rates import Rate

from . import rules
from .models import Guardianship, Pairing

GOOD_FOR = timedelta(hours=1)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
# A code has 31^8 values: ten tries an hour find none.
TRIES = Rate.parse("10/1h")


class GuardianDecides(NotAllowed):
    code = "guardian_decides"
    message = _("Your guardian decides that. You can make it stricter, not more open.")


def make_code(*, teen: User, now: datetime) -> Pairing:
    """A new code for the teen to hand on; the one before is void. Raises Conflict."""
    if Guardianship.objects.filter(teen=teen).exists():
        raise Conflict(_("You have a guardian already."))
    if Guardianship.objects.filter(guardian=teen).exists():
        raise Conflict(_("Who looks after somebody cannot be looked after."))
    code = {"code": get_random_string(8, LETTERS), "expires_at": now + GOOD_FOR}
    row, _made = Pairing.objects.update_or_create(teen=teen, defaults=code)
    return row


def accept(*, guardian: User, code: str, now: datetime) -> Guardianship:
    """Become the guardian of who gave the code. Raises Invalid, TooOften, NotAllowed."""
    allowance = take(scope="pairing", who=f"person {guardian.pk}", rate=TRIES)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    if guardian.profile.teen:
        raise NotAllowed(_("Who has a guardian cannot be one."))
    with transaction.atomic():
        good = Pairing.objects.filter(code=code.strip().upper(), expires_at__gt=now)
        pairing = good.exclude(teen=guardian).select_related("teen__profile").first()
        if (
            pairing is None
            or not Pairing.objects.filter(pk=pairing.pk, code=pairing.code).delete()[0]
        ):
            raise Invalid(_("This code is not good, or no longer."), field="code")
        teen = pairing.teen
        row = Guardianship.objects.create(teen=teen, guardian=guardian, since=now)
        present = {field: getattr(teen.profile, field) for field in rules.CLOSED}
        Profile.objects.filter(person=teen).update(
            **rules.closed(present), teen=True, latitude=None, longitude=None
        )
        _tell(row, "teen-on", now)
    return row


def end(*, by: User, teen_id: int, now: datetime) -> None:
    """Either of the two ends it; both are told. What is closed stays so until the teen opens it.
    Raises NotFound."""
    with transaction.atomic():
        row = _between(by, teen_id)
        if not Guardianship.objects.filter(pk=row.pk).delete()[0]:
            raise NotFound
        Profile.objects.filter(person=teen_id).update(teen=False)
        _tell(row, "teen-off", now)


def set_rules(
    *, guardian: User, teen_id: int, opens: time, closes: time, now: datetime, **privacy: Any
) -> None:
    """The guardian's word on hours and on what is open. Raises NotFound, Invalid."""
    if unknown := privacy.keys() - CHOICES.keys() - SWITCHES:
        raise TypeError(f"set_rules() does not know {sorted(unknown)}")
    if any(privacy[field] not in CHOICES[field] for field in privacy.keys() & CHOICES.keys()):
        raise Invalid(_("Choose one of the list."))
    with transaction.atomic():
        row = (
            Guardianship.objects.select_related("teen")
            .filter(teen=teen_id, guardian=guardian)
            .first()
        )
        if row is None:
            raise NotFound
        Guardianship.objects.filter(pk=row.pk).update(opens=opens, closes=closes)
        Profile.objects.filter(person=teen_id).update(**privacy)
        signals.profile_changed.send(sender=User, person=row.teen, now=now)
        signals.account_changed.send(sender=User, person=row.teen, what="teen-rules", now=now)


def check_privacy(person: User, fields: dict[str, Any]) -> None:
    """Asked before a person changes their privacy: a teen only closes. Raises GuardianDecides."""
    present = Profile.objects.get(person=person)
    if present.teen and any(
        rules.is_more_open(field, wanted, getattr(present, field))
        for field, wanted in fields.items()
    ):
        raise GuardianDecides


def strangers_may_write(profile: Profile) -> bool:
    """Whether somebody whom its person does not follow may begin a conversation with them."""
    return not profile.teen


def _between(person: User, teen_id: int) -> Guardianship:
    row = Guardianship.objects.filter(teen=teen_id).first()
    if row is None or person.pk not in (row.teen_id, row.guardian_id):
        raise NotFound
    return row


def _tell(row: Guardianship, what: str, now: datetime) -> None:
    for person in (row.teen, row.guardian):
        signals.profile_changed.send(sender=User, person=person, now=now)
        signals.account_changed.send(sender=User, person=person, what=what, now=now)
