"""Arms of experiments that a person met."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Exposure

tell(
    "experiments",
    _("Experiments that you or a note of yours took part in, and with which arm."),
    models=["experiments.Exposure"],
    source=lambda person: (
        Exposure.objects.filter(person=person) | Exposure.objects.filter(note__author=person)
    ),
    columns={
        "experiment": Column("experiment_id", "number of the experiment"),
        "name": Column("experiment__name", "what it is called"),
        "note": Column("note_id", "number of the note, where a note took part"),
        "arm": Column("arm", "number of the arm, from 0"),
        "at": Column("at", WHEN),
    },
)
