from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrandsConfig(AppConfig):
    name = "community.brands"
    verbose_name = _("Brands")

    def ready(self) -> None:
        from . import linking, tasks  # noqa: F401 (registers rules and handlers)
