"""Addresses about people. The profile page lists notes and lives a room higher."""

from django.urls import include, path

from . import asking, privacy_views, token_views, views  # noqa: F401 (asking registers the converters)

urlpatterns = [
    path("people/<username:username>/follow/", views.follow, name="follow-person"),
    path("people/<username:username>/unfollow/", views.unfollow, name="unfollow-person"),
    path("people/<username:username>/block/", views.block, name="block-person"),
    path("people/<username:username>/unblock/", views.unblock, name="unblock-person"),
    path("people/<username:username>/mute/", views.mute, name="mute-person"),
    path("people/<username:username>/unmute/", views.unmute, name="unmute-person"),
    path("language/", views.change_language, name="set-language"),
    path("", include("accounts.wallet.urls")),
    path("", include("accounts.safety.urls")),
    path("", include("accounts.entry.urls")),
    path("", include("accounts.guardians.urls")),
    path("settings/privacy/", privacy_views.privacy, name="privacy"),
    path("", include("accounts.departures.urls")),
    path("", include("accounts.programs.urls")),
    path("settings/people/", views.people_kept_away, name="people-kept-away"),
    path("settings/tokens/", token_views.tokens, name="tokens"),
    path("settings/tokens/<slug:token_key>/revoke/", token_views.revoke_token, name="revoke-token"),
]
