from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "accounts.wallet"
    verbose_name = _("Wallets")
