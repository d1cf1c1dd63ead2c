from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafetyConfig(AppConfig):
    name = "accounts.safety"
    verbose_name = _("Safety of accounts")

    def ready(self) -> None:
        from . import receivers  # noqa: F401 (listens)
