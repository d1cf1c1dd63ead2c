from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        from . import desk_words, long_numbers, receivers, tasks  # noqa: F401 (registers handlers)
        from .operations import slow

        slow.listen()
        desk_words.label()
        long_numbers.register()
        if settings.OTLP_ENDPOINT:
            from .operations import tracing
            from .outbox import jobs

            tracing.start(settings.OTLP_ENDPOINT)
            jobs.AROUND_EACH.append(tracing.around_job)
