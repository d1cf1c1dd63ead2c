"""Addresses of OAuth's doors and of the pages about programs."""

from django.urls import include, path
from oauth2_provider.views import OAuthServerMetadataView

from . import doors, views

# The toolkit looks its own doors up by these names. What is missing here is closed: introspection,
# device codes, registration by programs, OpenID.
oauth = [
    path("oauth/authorize/", doors.AskPerson.as_view(), name="authorize"),
    path("oauth/token/", doors.HandOutTokens.as_view(), name="token"),
    path("oauth/revoke/", doors.TakeTokenBack.as_view(), name="revoke-token"),
    path(
        ".well-known/oauth-authorization-server",
        OAuthServerMetadataView.as_view(),
        name="oauth-server-metadata",
    ),
]

urlpatterns = [
    path("", include((oauth, "oauth2_provider"))),
    path("settings/programs/", views.programs, name="programs"),
    path("settings/programs/new/", views.new_program, name="new-program"),
    path("settings/programs/<row:program_id>/", views.change_program, name="change-program"),
    path("settings/programs/<row:program_id>/remove/", views.remove_program, name="remove-program"),
    path("settings/programs/<row:program_id>/end/", views.end_program, name="end-program"),
]
