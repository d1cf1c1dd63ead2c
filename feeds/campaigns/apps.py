from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "feeds.campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (registers its jobs)
