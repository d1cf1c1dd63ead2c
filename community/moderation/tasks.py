"""Doorbells: what is over ends, the queue is weighed, the suspended are written to."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import cases, ending, sealed, wording
from .models import Decision


@periodic("moderation.end_decisions", slot=timedelta(seconds=20))
def end_decisions() -> int:
    return ending.end_what_is_over(now=timezone.now())


@periodic("moderation.weigh_cases", slot=timedelta(minutes=4))
def weigh_cases() -> int:
    return cases.weigh_all(now=timezone.now())


@handler("moderation.gather")
def gather(*, notes: list[int]) -> None:
    cases.gather(notes, now=timezone.now())


@handler("moderation.write_to_suspended", atomic=False)
def write_to_suspended(*, decision: int) -> None:
    """By mail, because their notices are out of their reach; with the way to appeal."""
    found = Decision.objects.select_related("author__profile").filter(pk=decision).first()
    if found is None or found.author is None or not found.author.email or not found.holds:
        return
    with translation.override(found.author.profile.language or settings.LANGUAGE_CODE):
        words = {
            "what": wording.HEADLINES[Decision.Act(found.act)],
            "why": found.reason,
            "address": settings.SITE_URL + sealed.address_of(found),
        }
        text = _("%(what)s.\n\n%(why)s\n\nThe rule, until when, and how to appeal:\n%(address)s\n")
        send_mail(str(words["what"]), text % words, None, [found.author.email])
