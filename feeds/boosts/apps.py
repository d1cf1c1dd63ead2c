from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoostsConfig(AppConfig):
    name = "feeds.boosts"
    verbose_name = _("Boosts")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers its tasks)
