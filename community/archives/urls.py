"""Addresses of the pages about one's own data."""

from django.urls import path

from . import bring_views, views

urlpatterns = [
    path("", views.my_data, name="my-data"),
    path("bring/", bring_views.bring, name="bring"),
    path("bring/<row:intake_id>/state/", bring_views.state, name="intake-state"),
    path("bring/<row:intake_id>/stop/", bring_views.stop, name="stop-intake"),
    path("archive/", views.ask, name="ask-archive"),
    path("archive/<row:archive_id>/", views.fetch, name="fetch-archive"),
    path("archive/<row:archive_id>/state/", views.state, name="archive-state"),
    path("archive/<row:archive_id>/remove/", views.remove, name="remove-archive"),
]
