"""Readers tell staff that something is wrong. One report a person and thing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed
from accounts.models import User
from community.models import Comment, Note
from community.services.access import comment_for, note_for
from community.text.clean import clean_body

from .models import Report

WORDS_LENGTH = 500


def report_note(
    *, reporter: User, note_id: int, reason: str, words: str = "", now: datetime | None = None
) -> Report:
    """Report a note that the person can see. Raises NotFound, Invalid, NotAllowed."""
    _check_logged_in(reporter)
    return _report(reporter, note_for(reporter, note_id), "note", reason, words, now)


def report_comment(
    *, reporter: User, comment_id: int, reason: str, words: str = "", now: datetime | None = None
) -> Report:
    """Report a comment that the person can see. Raises NotFound, Invalid, NotAllowed."""
    _check_logged_in(reporter)
    return _report(reporter, comment_for(reporter, comment_id), "comment", reason, words, now)


def _report(
    reporter: User,
    thing: Note | Comment,
    field: str,
    reason: str,
    words: str,
    now: datetime | None,
) -> Report:
    """Reporting again says the same thing better: an open report takes the newer words.

    A settled one is left as it is: staff has looked, and one reader cannot reopen it.
    """
    if thing.author_id == reporter.pk:
        raise Invalid(_("This is your own: edit or delete it instead."))
    said = {"reason": _checked_reason(reason), "words": _checked_words(words)}
    with transaction.atomic():
        report, created = Report.objects.get_or_create(
            reporter=reporter,
            **{field: thing},
            defaults=said | {"created_at": now or timezone.now()},
        )
        if not created and Report.objects.filter(pk=report.pk, settled_at=None).update(**said):
            report.refresh_from_db()
    return report


def _check_logged_in(person: User) -> None:
    if not person.is_authenticated:
        raise NotAllowed


def _checked_reason(reason: str) -> str:
    if reason not in Report.Reason.values:
        raise Invalid(_("Choose what is wrong."), field="reason")
    return reason


def _checked_words(words: str) -> str:
    words = clean_body(words)
    if len(words) > WORDS_LENGTH:
        raise Invalid(
            _("Please use at most %(count)d characters.") % {"count": WORDS_LENGTH}, field="words"
        )
    return words
