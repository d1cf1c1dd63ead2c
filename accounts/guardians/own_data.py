"""Teen mode, from both sides."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell, with_people

from .models import Guardianship

tell(
    "guardianships",
    _("Whom you look after, and who looks after you."),
    models=["guardians.Guardianship"],
    source=lambda person: Guardianship.objects.filter(Q(teen=person) | Q(guardian=person)),
    columns={
        "teen": Column("teen_id", "username"),
        "guardian": Column("guardian_id", "username"),
        "opens": Column("opens", "from when on the community is open to the teen"),
        "closes": Column("closes", "until when"),
        "since": Column("since", WHEN),
    },
    also=[with_people("teen"), with_people("guardian")],
)
