from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "community.messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (registers listeners and handlers)
