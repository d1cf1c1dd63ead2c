from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "feeds.insights"
    verbose_name = _("Insights")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (they register themselves)
