"""Guarded figures in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FIGURES: dict[str, Promise | str] = {
    "engagement per impression": gettext_lazy("engagement per impression"),
    "unwanted per impression": gettext_lazy("hides and “less of this” per impression"),
    "reports per impression": gettext_lazy("reports per impression"),
    "promises kept": gettext_lazy("promised first views kept in time"),
    "empty lists": gettext_lazy("empty discover lists"),
}
