"""What is said about orders, in words for buyers and reviewers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.wallet.money import show as amount

from .rules import Reason

__all__ = ["ACTS", "AGAINST", "STEPS", "amount"]

# Why a note cannot be boosted.
AGAINST: dict[Reason, Promise] = {
    Reason.NOTE_GONE: _("This note is deleted or not published, so it cannot be boosted."),
    Reason.NOTE_HIDDEN: _("This note is hidden by moderation, so it cannot be boosted."),
    Reason.NOTE_NOT_PUBLIC: _("Only a note that everybody may see can be boosted."),
    Reason.NOTE_LIMITED: _(
        "This note is below the quality bar and not recommended, so it cannot be boosted. Its pool"
        " page says why, and what would help."
    ),
    Reason.AUTHOR_AWAY: _("Its author's account is not open at the moment."),
}

# What happened to an order, for its log.
STEPS: dict[Reason, Promise] = {
    Reason.SAVED: _("Written down; nothing was paid."),
    Reason.PAID: _("The price is held in the wallet; it waits for review."),
    Reason.APPROVED: _("Approved."),
    Reason.REFUSED: _("Refused; all of the money went back to the wallet."),
    Reason.PAUSED: _("Paused."),
    Reason.RESUMED: _("Goes on."),
    Reason.STOPPED: _("Stopped by the buyer."),
    Reason.STOPPED_BY_STAFF: _("Stopped by the community's staff."),
    Reason.DELIVERED: _("All impressions were delivered."),
    Reason.OVER: _("Its period is over."),
    Reason.NOT_REVIEWED: _("Its period was over before anybody reviewed it."),
    Reason.NOT_PAID: _("Its period was over before it was paid."),
    Reason.NOTE_GONE: _("Stopped by itself: the note was deleted or unpublished."),
    Reason.NOTE_HIDDEN: _("Stopped by itself: the note was hidden by moderation."),
    Reason.NOTE_NOT_PUBLIC: _("Stopped by itself: not everybody may see the note any more."),
    Reason.NOTE_LIMITED: _("Stopped by itself: the note is no longer recommended."),
    Reason.AUTHOR_AWAY: _("Stopped by itself: the author's account is not open."),
}

# What readers did, for reports.
ACTS: dict[str, Promise] = {
    "impressions": _("impressions"),
    "opens": _("opens"),
    "likes": _("likes"),
    "collects": _("collects"),
    "comments": _("people who commented"),
    "shares": _("shares"),
    "follows": _("new followers"),
}
