from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlbumsConfig(AppConfig):
    name = "community.albums"
    verbose_name = _("Albums")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (registers listeners and handlers)
