from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "accounts.entry"
    verbose_name = _("Joining")

    def ready(self) -> None:
        from . import receivers  # noqa: F401 (listens)
