"""What a hold of an order is for, as the buyer's statement says it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.wallet.purposes import Purpose, reads

from .models import Boost


@reads("boost")
def purposes_of_boosts(ids: Collection[int]) -> dict[int, Purpose]:
    return {
        order.pk: Purpose(
            _("Boost of “%(title)s”") % {"title": order.title}, str(order.get_absolute_url())
        )
        for order in Boost.objects.filter(pk__in=ids)
    }
