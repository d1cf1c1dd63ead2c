from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArtefactsConfig(AppConfig):
    name = "community.artefacts"
    verbose_name = _("What was learnt")
