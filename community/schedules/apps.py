from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulesConfig(AppConfig):
    name = "community.schedules"
    verbose_name = _("Scheduled notes")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (registers listeners and handlers)
