"""Addresses of one's invitations. Joining itself is allauth's page with our form."""

from django.urls import path

from . import inviting_views

urlpatterns = [
    path("settings/invitations/", inviting_views.invitations, name="invitations"),
    path(
        "settings/invitations/<row:own_invitation_id>/withdraw/",
        inviting_views.withdraw,
        name="withdraw-invitation",
    ),
]
