from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TopicsConfig(AppConfig):
    name = "feeds.topics"
    verbose_name = _("Topics and events")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers its periodic task)
