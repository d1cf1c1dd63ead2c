"""Addresses of a person's wallet, and the one that the gateway calls."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("wallet/", views.my_wallet, name="wallet"),
    path("wallet/statement.csv", views.statement_file, name="wallet-file"),
    path("wallet/vouchers/", views.use_voucher, name="use-voucher"),
    path("wallet/transfers/", views.ask_transfer, name="ask-transfer"),
    path("wallet/payments/", views.begin_payment, name="begin-payment"),
    path("wallet/payments/callback/", views.payment_callback, name="payment-callback"),
    path("wallet/payments/<slug:key>/", views.payment, name="payment"),
]
