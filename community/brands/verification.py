"""Apply with documents; staff approve or refuse with words; the badge ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from community.text.clean import clean_body, clean_line

from . import documents
from .access import note_down, team_member
from .models import Brand, BrandLog, Document, Verification
from .models.verification import REASON_LENGTH, WORDS_LENGTH
from .notices import tell_team, with_reason
from .rules import Right

Act = BrandLog.Act
State = Verification.State
DECIDE = "brands.decide_verification"


def apply(
    *, actor: User, slug: str, words: str, files: Iterable[tuple[BinaryIO, str]], now: datetime
) -> Verification:
    """Ask staff for the badge, also to renew it. Raises Invalid, NotAllowed, Conflict, NotFound."""
    words = clean_body(words)
    if len(words) > WORDS_LENGTH:
        text = _("At most %(count)d characters.") % {"count": WORDS_LENGTH}
        raise Invalid(text, field="words")
    with transaction.atomic():
        brand = team_member(actor, slug, Right.VERIFY).brand
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        if brand.verifications.filter(state=State.WAITING).exists():
            raise Conflict(_("An application waits for staff already."), code="waiting")
        verification = Verification.objects.create(
            brand=brand, applied_by=actor, applied_at=now, words=words
        )
        kept = documents.keep(verification, files, now=now)
        note_down(brand, Act.APPLIED, by=actor, now=now, words=str(len(kept)))
    return verification


def approve(*, by: User, verification_id: int, reason: str = "", now: datetime) -> Verification:
    """Give the badge for BRAND_VERIFIED_DAYS. Raises NotAllowed, NotFound, Conflict."""
    with transaction.atomic():
        found = _decide(by, verification_id, State.APPROVED, reason, now)
        until = now + timedelta(days=settings.BRAND_VERIFIED_DAYS)
        Brand.objects.filter(pk=found.brand_id).update(verified_until=until, warned_at=None)
        note_down(found.brand, Act.APPROVED, by=by, now=now, words=found.reason)
        told = format_lazy(gettext_lazy("It is verified until {day}"), day=f"{until:%Y-%m-%d}")
        tell_team(found.brand, with_reason(told, found.reason), now=now)
    return found


def refuse(*, by: User, verification_id: int, reason: str, now: datetime) -> Verification:
    """Raises NotAllowed, Invalid, NotFound, Conflict."""
    if not reason.strip():
        raise Invalid(_("Give the reason: the team is told."), field="reason")
    with transaction.atomic():
        found = _decide(by, verification_id, State.REFUSED, reason, now)
        note_down(found.brand, Act.REFUSED, by=by, now=now, words=found.reason)
        told = gettext_lazy("It was not verified")
        tell_team(found.brand, with_reason(told, found.reason), now=now)
    return found


def _decide(by: User, verification_id: int, state: str, reason: str, now: datetime) -> Verification:
    """Settle a waiting application, once; its documents are not needed any longer."""
    if not by.has_perm(DECIDE):
        raise NotAllowed
    reason = clean_line(reason, max_length=REASON_LENGTH)
    rows = Verification.objects.filter(pk=verification_id)
    changed = rows.filter(state=State.WAITING).update(
        state=state, decided_by=by, decided_at=now, reason=reason
    )
    found = rows.select_related("brand").first()
    if found is None:
        raise NotFound
    if not changed:
        raise Conflict(_("This application is decided already."), code="decided")
    documents.forget(found.documents.filter(deleted_at=None), now=now)
    return found


def document_for(staff: User, document_id: int) -> Document:
    """A kept document, for who decides applications and for nobody else. Raises NotAllowed,
    NotFound."""
    if not staff.has_perm(DECIDE):
        raise NotAllowed
    document = Document.objects.filter(pk=document_id, deleted_at=None).first()
    if document is None:
        raise NotFound
    return document
