from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "feeds.quality"
    verbose_name = _("Quality")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers handlers)
