"""The way in for who cannot log in: a signed address to the decision that closed their account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.urls import reverse

from accounts.errors import NotFound
from accounts.models import User

from .models import Decision

SALT = "moderation.sealed"
# Longer than the time to appeal.
LASTS = timedelta(days=40)
CLOSING = (Decision.Act.SUSPEND, Decision.Act.BAN)


def address_of(decision: Decision) -> str:
    """A path that opens this one decision to whoever holds it, for LASTS."""
    seal = signing.dumps([decision.pk, decision.author_id], salt=SALT, compress=False)
    return reverse("sealed-decision", args=[seal])


def opened(seal: str) -> tuple[User, int]:
    """(person, decision id) of a seal that is ours and not too old. Raises NotFound."""
    try:
        decision_id, person_id = signing.loads(seal, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound from error
    person = User.objects.select_related("profile").filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person, decision_id


def page_of(person: Any) -> str:
    """Where somebody is sent who proved who they are and whose account staff closed; "" else."""
    held = Decision.objects.in_force().filter(person=person.pk, act__in=CLOSING)
    decision = held.order_by("-decided_at").first()
    return address_of(decision) if decision is not None else ""
