"""What a hold of a collaboration is for, as a statement says it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.wallet.purposes import Purpose, reads

from .models import Collaboration


@reads("collaboration")
def purposes_of_collaborations(ids: Collection[int]) -> dict[int, Purpose]:
    found = Collaboration.objects.filter(pk__in=ids).select_related("brand")
    return {
        each.pk: Purpose(
            _("Collaboration of %(brand)s: “%(title)s”")
            % {"brand": each.brand.name, "title": each.title},
            each.get_absolute_url(),
        )
        for each in found
    }
