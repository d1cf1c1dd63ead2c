"""Addresses of a person's wallet."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("wallet/", views.my_wallet, name="wallet"),
    path("wallet/statement.csv", views.statement_file, name="wallet-file"),
]
