from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchesConfig(AppConfig):
    name = "feeds.searches"
    verbose_name = _("Searches")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers its handler and its periodic task)
