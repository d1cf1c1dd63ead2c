from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoostsConfig(AppConfig):
    name = "feeds.boosts"
    verbose_name = _("Boosts")

    def ready(self) -> None:
        from . import purpose, tasks  # noqa: F401 (they register themselves)
