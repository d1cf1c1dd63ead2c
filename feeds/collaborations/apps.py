from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CollaborationsConfig(AppConfig):
    name = "feeds.collaborations"
    verbose_name = _("Collaborations")

    def ready(self) -> None:
        from . import guards, purpose, tasks  # noqa: F401 (they register themselves)
