"""Addresses of the studio."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("studio/", views.studio, name="studio"),
    path("studio/insights.csv", views.studio_file, name="studio-file"),
    path("notes/<row:note_id>/insights/", views.note, name="note-insights"),
    path("notes/<row:note_id>/insights.csv", views.note_file, name="note-insights-file"),
    path("notes/<row:note_id>/clicks.csv", views.note_clicks_file, name="note-clicks-file"),
]
