from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardiansConfig(AppConfig):
    name = "accounts.guardians"
    verbose_name = _("Teen mode")

    def ready(self) -> None:
        from accounts.privacy import GUARDS

        from .services import check_privacy

        if check_privacy not in GUARDS:
            GUARDS.append(check_privacy)
