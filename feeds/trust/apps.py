from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrustConfig(AppConfig):
    name = "feeds.trust"
    verbose_name = _("Rings and farms")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers handlers and periodic tasks)
