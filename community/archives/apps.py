from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    name = "community.archives"
    verbose_name = _("Archives")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers handlers)
