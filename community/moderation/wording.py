"""What moderation says to people, put into their own language when it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .models import Decision, Guideline, Report

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Act = Decision.Act

HEADLINES = {
    Act.KEEP: _("No action"),
    Act.LABEL: _("A label was put on your note"),
    Act.LIMIT: _("The reach of your note is limited"),
    Act.HIDE: _("It is hidden from everybody but you"),
    Act.REMOVE: _("Your note was removed"),
    Act.WARN: _("You are warned"),
    Act.SUSPEND: _("Your account is suspended"),
    Act.BAN: _("Your account is banned"),
}
EFFECTS = {
    Act.LABEL: _("Readers see the label on the card and on the page. Nothing else changes."),
    Act.LIMIT: _(
        "It is not recommended beyond your followers. They, and whoever searches, still find it."
    ),
    Act.HIDE: _("Nobody else meets it in any feed, search or link."),
    Act.REMOVE: _("Nobody meets it any more. It comes back if the decision is overturned."),
    Act.WARN: _("Nothing changes for now. Another breach of a rule weighs more."),
    Act.SUSPEND: _("You cannot log in, and nobody meets what you wrote, until the day below."),
    Act.BAN: _("You cannot log in, and nobody meets what you wrote."),
}
ENDED = {
    Act.LABEL: _("The label on your note was taken off."),
    Act.LIMIT: _("Your note is recommended again."),
    Act.HIDE: _("It can be seen again."),
    Act.REMOVE: _("Your note is back."),
    Act.WARN: _("The warning was taken back."),
    Act.SUSPEND: _("Your account is open again."),
    Act.BAN: _("Your account is open again."),
}
OUTCOMES = {
    Report.Outcome.UPHELD: _("Thank you. Staff looked at what you reported and acted: %(act)s."),
    Report.Outcome.DISMISSED: _("Staff looked at what you reported and found no breach of a rule."),
}
OVERTURNED = _(
    "What staff did about something you reported was overturned on appeal by a second reviewer."
)
APPEAL_OVERTURNED = _("Your appeal was heard: the decision is overturned.")
APPEAL_UPHELD = _("Your appeal was heard: the decision stands.")


def text_of(guideline: Guideline) -> StrOrPromise:
    """The words of a rule, lazily in the language of who reads them."""
    return lazy(lambda: guideline.text, str)()


def told_outcome(outcome: str, act: str) -> StrOrPromise:
    """What a reporter is told, lazily."""
    said = OUTCOMES[Report.Outcome(outcome)]
    if outcome != Report.Outcome.UPHELD:
        return said
    return lazy(lambda: str(said) % {"act": Act(act).label.lower()}, str)()


def with_answer(said: StrOrPromise, words: str) -> StrOrPromise:
    """What was decided, and the reviewer's own words behind it."""
    return format_lazy("{} {}", said, words) if words else said
