"""The promises on the first page of the desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.wallet.money import show
from feeds.promises import promises

register = template.Library()


@register.inclusion_tag("admin/feeds/promises.html")
def promises_kept(user: Any) -> dict[str, Any]:
    """Figures of the last seven days, for who may look at pools."""
    if not user.has_perm("feeds.view_poolentry"):
        return {"rows": []}
    found = promises(now=timezone.now())
    return {
        "rows": [
            (_("notes that got all they were promised"), _percent(found.guarantee_kept)),
            (_("most delivered beyond a promise"), _percent(found.over_delivery)),
            (_("promised views of running notes delivered so far"), _percent(found.budget_used)),
            (
                _("views owed to new notes, places for them in the next 24 hours"),
                f"{found.views_owed:,}, {found.places_ahead:,}",
            ),
            (_("hours until all of them are given"), _number(found.hours_to_clear)),
            (
                _("notes of a day or more that nobody reacted to"),
                _percent(found.without_interaction),
            ),
            (_("median hours to the first reaction"), _number(found.hours_to_first_interaction)),
            (_("inequality of views among notes (Gini)"), _number(found.exposure_gini)),
            (_("views of ended boosts delivered"), _percent(found.boosts_delivered)),
            (_("given back for what was not delivered"), show(found.money_refunded)),
            (_("sum of the ledger (0 is right)"), str(found.ledger_sum)),
            (_("jobs waiting, set aside"), f"{found.jobs_waiting}, {found.jobs_aside}"),
        ]
    }


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
