from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LexiconConfig(AppConfig):
    name = "community.lexicon"
    verbose_name = _("Words and tags")

    def ready(self) -> None:
        from . import receivers, tasks  # noqa: F401 (registers listeners and handlers)
