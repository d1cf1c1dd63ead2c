from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "community.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (registers listeners and handlers)
