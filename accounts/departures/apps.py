from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeparturesConfig(AppConfig):
    name = "accounts.departures"
    verbose_name = _("Departures")

    def ready(self) -> None:
        autodiscover_modules("own_leaving")
