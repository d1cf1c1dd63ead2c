from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoversConfig(AppConfig):
    name = "feeds.covers"
    verbose_name = _("Cover tests")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (they register themselves)
