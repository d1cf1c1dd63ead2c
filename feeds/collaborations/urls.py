"""Addresses of the directory and of collaborations."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("creators/", views.creators, name="creators"),
    path("creators/me/", views.listing, name="creator-listing"),
    path("creators/<username:username>/offer/", views.offer, name="offer"),
    path("collaborations/", views.collaborations, name="collaborations"),
    path("collaborations/<row:collaboration_id>/", views.collaboration, name="collaboration"),
    path(
        "collaborations/<row:collaboration_id>/pictures/<slug:token>/<str:file>",
        views.draft_picture,
        name="draft-picture",
    ),
    path(
        "collaborations/<row:collaboration_id>/<slug:act_name>/",
        views.act,
        name="collaboration-act",
    ),
]
