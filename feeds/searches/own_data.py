"""What a person searched for, as far as it is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import SearchLog

tell(
    "searches",
    _("What you searched for, as far as it is kept."),
    models=["searches.SearchLog"],
    source=lambda person: SearchLog.objects.filter(person=person),
    columns={
        "text": Column("text", "as you typed it"),
        "kind": Column("kind", "what you looked for"),
        "results": Column("results", "how many there were"),
        "at": Column("at", WHEN),
    },
)
