from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "accounts.wallet"
    verbose_name = _("Wallets")

    def ready(self) -> None:
        from . import money, providers

        # A wrong setting is told at the start, not on a page.
        money.currency()
        providers.provider()
