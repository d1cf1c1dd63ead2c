"""What readers may do with a note: the author's choice among a few that everybody knows."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Licence(models.TextChoices):
    RESERVED = "reserved", _("All rights reserved")
    BY = "cc-by", _("CC BY 4.0")
    BY_SA = "cc-by-sa", _("CC BY-SA 4.0")
    BY_NC = "cc-by-nc", _("CC BY-NC 4.0")
    ZERO = "cc0", _("CC0 1.0")

    @classmethod
    def explained(cls) -> list[tuple[str, str | Promise]]:
        """Choices that say what each means."""
        return [(one.value, format_lazy("{} · {}", one.label, one.means)) for one in cls]

    @property
    def deed(self) -> str:
        """Address of the licence's own text for people; none where nothing is given away."""
        return _DEEDS.get(self, "")

    @property
    def means(self) -> str | Promise:
        return _MEANS[self]


_DEEDS = {
    Licence.BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Licence.ZERO: "https://creativecommons.org/publicdomain/zero/1.0/",
}
_MEANS = {
    Licence.RESERVED: _("Whoever wants to use it asks you."),
    Licence.BY: _("Anybody may use and change it who names you."),
    Licence.BY_SA: _("Who changes it names you and passes it on under the same licence."),
    Licence.BY_NC: _("Anybody may use and change it who names you and does not earn by it."),
    Licence.ZERO: _("Anybody may do anything with it."),
}
