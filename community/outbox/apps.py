from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "community.outbox"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from community.celery import app
        from community.operations.own_figures import OwnFigures

        from .relay import Relay

        app.steps["worker"].update({Relay, OwnFigures})
