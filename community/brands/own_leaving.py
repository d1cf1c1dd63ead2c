"""A brand stays with its team. Of a team of one nothing is left: the brand goes, too."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.owndata.leaving import Stage, hinders, takes_away
from community.services import kept_pictures

from . import documents
from .models import Brand, BrandLog, Document, Member, Picture
from .models.team import Role


@hinders
def last_owner(person: User) -> list[str]:
    """Others work for the brand, and nobody would be left to say who may."""
    mine = Member.objects.filter(person=person, role=Role.OWNER).select_related("brand")
    said = _("You are the only owner of “%(brand)s”. Make somebody else an owner first.")
    return [said % {"brand": m.brand.name} for m in mine if _others(m) and not _other_owners(m)]


def _others(member: Member) -> bool:
    return member.brand.members.exclude(pk=member.pk).exists()


def _other_owners(member: Member) -> bool:
    owners = member.brand.members.filter(role=Role.OWNER, person__is_active=True)
    return owners.exclude(pk=member.pk).exists()


@takes_away("brands of their own", stage=Stage.MONEY)
def brands(person: User, now: datetime) -> int:
    """One brand at a time; one that has collaborations keeps its row for the ledger, and is shown
    to nobody."""
    alone = Brand.objects.annotate(team=Count("members")).filter(team=1, members__person=person)
    brand = alone.first()
    if brand is None:
        return 0
    with transaction.atomic():
        _forget_documents(Document.objects.filter(verification__brand=brand), now)
        for picture in Picture.objects.filter(brand=brand):
            kept_pictures.forget(picture)
        try:
            with transaction.atomic():
                # First: the log of a brand that has a team cannot be deleted.
                Member.objects.filter(brand=brand).delete()
                brand.delete()
        except ProtectedError:
            Member.objects.filter(brand=brand).delete()
            Brand.objects.filter(pk=brand.pk).update(suspended_at=now)
    return 1


@takes_away("documents", stage=Stage.MONEY)
def sent_documents(person: User, now: datetime) -> int:
    """What they sent to prove a brand goes with them, whoever keeps the brand."""
    sent = Document.objects.filter(verification__applied_by=person, deleted_at=None)
    with transaction.atomic():
        return _forget_documents(sent, now)


def _forget_documents(rows: object, now: datetime) -> int:
    return documents.forget(list(rows), now=now)  # type: ignore[call-overload]


@takes_away("names in the logs of brands", stage=Stage.WORDS)
def names_in_logs(person: User, now: datetime) -> int:
    """Who was invited or removed stands there by name."""
    named = BrandLog.objects.filter(words__startswith=f"@{person.username}")
    exact = [row.pk for row in named if row.words.partition(":")[0] == f"@{person.username}"]
    return BrandLog.objects.filter(pk__in=exact).update(words="")
