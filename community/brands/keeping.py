"""What happens by itself: each step once, found by its rows, whoever rings and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import documents
from .access import note_down
from .models import Brand, BrandLog, Document
from .notices import tell_team

# An upload or a deletion is never under way for so long.
STRAY_AFTER = timedelta(hours=6)


def keep(*, now: datetime) -> int:
    """How many badges were warned of or ended, and files deleted."""
    return warn(now=now) + end(now=now) + forget_documents(now=now)


def warn(*, now: datetime) -> int:
    """Tell teams whose badge ends within BRAND_WARNED_DAYS, once for each badge."""
    soon = now + timedelta(days=settings.BRAND_WARNED_DAYS)
    due = Brand.objects.filter(verified_until__gt=now, verified_until__lte=soon, warned_at=None)
    return sum(_warn(brand, now) for brand in due)


def _warn(brand: Brand, now: datetime) -> bool:
    with transaction.atomic():
        rows = Brand.objects.filter(pk=brand.pk, verified_until=brand.verified_until)
        if not rows.filter(warned_at=None).update(warned_at=now):
            return False
        words = _("Its verification ends on {day}. Apply again in time.")
        tell_team(brand, format_lazy(words, day=f"{brand.verified_until:%Y-%m-%d}"), now=now)
    return True


def end(*, now: datetime) -> int:
    """Note down the badges that ended; pages stopped showing them at the minute itself."""
    return sum(_end(brand, now) for brand in Brand.objects.filter(verified_until__lte=now))


def _end(brand: Brand, now: datetime) -> bool:
    with transaction.atomic():
        rows = Brand.objects.filter(pk=brand.pk, verified_until=brand.verified_until)
        if not rows.update(verified_until=None, warned_at=None):
            return False
        note_down(brand, BrandLog.Act.UNVERIFIED, by=None, now=now)
        tell_team(brand, _("Its verification ended. Apply again to renew it."), now=now)
    return True


def forget_documents(*, now: datetime) -> int:
    """Delete documents older than BRAND_DOCUMENT_DAYS, and files that belong to nothing."""
    strays = documents.stray_files(older_than=now - STRAY_AFTER)
    for path in strays:
        path.unlink(missing_ok=True)
    oldest = now - timedelta(days=settings.BRAND_DOCUMENT_DAYS)
    with transaction.atomic():
        old = Document.objects.filter(deleted_at=None, sent_at__lte=oldest)
        return documents.forget(old, now=now) + len(strays)
