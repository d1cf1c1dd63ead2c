from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeavingConfig(AppConfig):
    name = "community.departures"
    label = "leaving"
    verbose_name = _("Deleting accounts")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers handlers)
