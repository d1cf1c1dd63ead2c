"""Addresses under /api/v1/ about people."""

from django.urls import path

from accounts import asking  # noqa: F401 (registers converters)
from accounts.api import reading  # noqa: F401 (registers another)

from . import leaving, views

urlpatterns = [
    path("tokens/", views.TokensView.as_view(), name="api-tokens"),
    path("tokens/<word:prefix>/", views.TokenView.as_view(), name="api-token"),
    path("me/", views.MeView.as_view(), name="api-me"),
    path("me/avatar/", views.AvatarView.as_view(), name="api-avatar"),
    path("me/departure/", leaving.DepartureView.as_view(), name="api-departure"),
    path("me/blocks/", views.MyBlocksView.as_view(), name="api-blocks"),
    path("me/mutes/", views.MyMutesView.as_view(), name="api-mutes"),
    path("people/<username:username>/", views.PersonView.as_view(), name="api-person"),
    path(
        "people/<username:username>/followers/", views.FollowersView.as_view(), name="api-followers"
    ),
    path(
        "people/<username:username>/following/", views.FollowingView.as_view(), name="api-following"
    ),
    path("people/<username:username>/follow/", views.FollowView.as_view(), name="api-follow"),
    path("people/<username:username>/block/", views.BlockView.as_view(), name="api-block"),
    path("people/<username:username>/mute/", views.MuteView.as_view(), name="api-mute"),
]
