"""Readers tell staff that something is wrong. One open report a person and thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate
from community.models import Note
from community.services.access import comment_for, note_for
from community.text.clean import clean_body

from . import cases
from .models import Report
from .models.subject import Thing, author_of, kind_of

WORDS_LENGTH = 500
EXCERPT_LENGTH = 1_000
ABOUT_LENGTH = 40


def report_note(
    *, reporter: User, note_id: int, reason: str, words: str = "", now: datetime | None = None
) -> Report:
    """Report a note that the person can see. Raises NotFound, Invalid, NotAllowed, TooOften."""
    _check_logged_in(reporter)
    return _report(reporter, note_for(reporter, note_id), reason, words, now=now)


def report_comment(
    *, reporter: User, comment_id: int, reason: str, words: str = "", now: datetime | None = None
) -> Report:
    """Report a comment that the person can see. Raises as report_note does."""
    _check_logged_in(reporter)
    return _report(reporter, comment_for(reporter, comment_id), reason, words, now=now)


def report_person(
    *,
    reporter: User,
    person_id: int,
    reason: str,
    words: str = "",
    about: str = "",
    excerpt: str = "",
    now: datetime | None = None,
) -> Report:
    """Report somebody, or what they wrote where only some may read it.

    `about` names that ("message 7") and `excerpt` keeps what it said, checked by the caller: staff
    sees what the reporter handed over and nothing beside it. Raises as report_note does.
    """
    _check_logged_in(reporter)
    known = User.objects.present() if about else User.objects.all().visible_to(reporter)
    person = known.filter(pk=person_id).select_related("profile").first()
    if person is None:
        raise NotFound
    told = excerpt or f"{person.profile.display_name}\n{person.profile.bio}".strip()
    return _report(
        reporter, person, reason, words, now=now, about=about[:ABOUT_LENGTH], excerpt=told
    )


def withdraw_report(*, reporter: User, report_id: int, now: datetime | None = None) -> bool:
    """Take a report back while staff has not decided; False when that is too late or was done.

    Raises NotFound for what is nobody's or somebody else's.
    """
    now = now or timezone.now()
    with transaction.atomic():
        report = Report.objects.filter(pk=report_id, reporter=reporter.pk).first()
        if report is None:
            raise NotFound
        mine = Report.objects.filter(pk=report_id, settled_at=None)
        taken = mine.update(settled_at=now, outcome=Report.Outcome.WITHDRAWN)
        if taken and report.case_id:
            cases.close_if_nobody_complains(report.case_id, now=now)
        return bool(taken)


def withdraw_report_about(
    *, reporter: User, kind: str, pk: int, now: datetime | None = None
) -> bool:
    """Take back the open report about a note, comment or person; False where there is none."""
    found = Report.objects.filter(reporter=reporter.pk, settled_at=None, about="", **{kind: pk})
    report_id = found.values_list("pk", flat=True).first()
    return report_id is not None and withdraw_report(
        reporter=reporter, report_id=report_id, now=now
    )


def excerpt_of(thing: Thing) -> str:
    """What a thing says now, to be kept beside what was said of it."""
    if isinstance(thing, Note):
        return f"{thing.title}\n{thing.body}".strip()[:EXCERPT_LENGTH]
    return thing.username if isinstance(thing, User) else thing.body[:EXCERPT_LENGTH]


def _report(
    reporter: User,
    thing: Thing,
    reason: str,
    words: str,
    *,
    now: datetime | None,
    about: str = "",
    excerpt: str = "",
) -> Report:
    """Reporting again says the same thing better: an open report takes the newer words.

    A settled one is left as it is where nothing changed: staff has looked, and one reader cannot
    reopen it.
    """
    if author_of(thing).pk == reporter.pk:
        raise Invalid(_("This is your own: edit or delete it instead."))
    said = {"reason": _checked_reason(reason), "words": _checked_words(words)}
    now = now or timezone.now()
    mine = Report.objects.filter(reporter=reporter, about=about, **{kind_of(thing): thing})
    with transaction.atomic():
        if mine.filter(settled_at=None).update(**said):
            report = mine.get(settled_at=None)
        elif (settled := _looked_at(mine, thing)) is not None:
            return settled
        else:
            _count_report(reporter)
            kept = {"about": about, "excerpt": (excerpt or excerpt_of(thing))[:EXCERPT_LENGTH]}
            report, _made = Report.objects.get_or_create(
                reporter=reporter,
                settled_at=None,
                **{kind_of(thing): thing},
                about=about,
                defaults=said | kept | {"created_at": now},
            )
        cases.take_in(report, now=now)
    return report


def _looked_at(mine: Any, thing: Thing) -> Report | None:
    """The report that staff decided when the thing was as it is now."""
    decided = mine.exclude(outcome=Report.Outcome.WITHDRAWN).order_by("-settled_at").first()
    if decided is None or isinstance(thing, User):  # people go on doing things
        return None
    edited_at = thing.edited_at if isinstance(thing, Note) else None
    return None if edited_at is not None and edited_at > decided.settled_at else decided


def _count_report(reporter: User) -> None:
    rate = Rate.parse(settings.REPORT_RATE)
    allowance = take(scope="report", who=f"person {reporter.pk}", rate=rate)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)


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
