from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    name = "community.rules"
    verbose_name = _("Rules")

    def ready(self) -> None:
        from community.outbox import jobs

        from . import receivers, refusals, tasks  # noqa: F401 (registers listeners and handlers)

        jobs.AROUND_EACH.append(refusals.counted)
