"""Addresses of what people read about moderation: reports, decisions about them, the log."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("reports/", views.my_reports, name="my-reports"),
    path("reports/<row:report_id>/withdraw/", views.withdraw, name="withdraw-report"),
    path("decisions/", views.my_decisions, name="my-decisions"),
    path("decisions/<row:decision_id>/", views.decision, name="decision"),
    path("decisions/sealed/<str:seal>/", views.sealed_decision, name="sealed-decision"),
    path("moderation-log/", views.public_log, name="moderation-log"),
    path("moderation-log/figures/", views.public_figures, name="moderation-figures"),
]
