"""What pages show of boosts."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.wallet.templatetags.wallet import money
from community.models import Note
from feeds.boosts.models import BoostDelivery
from feeds.boosts.wording import ACTS

register = template.Library()


register.filter("money", money)


@register.simple_tag(takes_context=True)
def came_for_money(context: dict[str, Any], note: Note) -> str:
    """Who paid for the place from which the viewer came to this note; empty if nobody did.

    Asked only where the address says so, and believed only where the card was really sent.
    """
    request = context.get("request")
    if request is None or request.GET.get("from") != "boost" or not request.user.is_authenticated:
        return ""
    sent = BoostDelivery.objects.filter(note=note, person=request.user)
    buyer = sent.values_list("boost__buyer__username", flat=True).first()
    return _("Paid for by %(name)s") % {"name": f"@{buyer}"} if buyer else ""


@register.simple_tag
def act_name(code: str) -> Promise | str:
    """What readers did, in words."""
    return ACTS.get(code, code)
