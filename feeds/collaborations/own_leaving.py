"""Agreements are kept: who has one that runs settles it before leaving."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.owndata.leaving import hinders

from . import rules
from .models import Collaboration


@hinders
def running(person: User) -> list[str]:
    mine = Q(creator=person) | Q(payer=person)
    open_ones = Collaboration.objects.filter(mine, state__in=rules.OPEN)
    said = _("The collaboration “%(title)s” is not finished. Finish or cancel it first.")
    return [said % {"title": title} for title in open_ones.values_list("title", flat=True)[:5]]
