from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "community.notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from . import (  # noqa: F401 (registers listeners and handlers)
            address_news,
            entry_news,
            letters,
            receivers,
            safety_news,
            tasks,
        )
