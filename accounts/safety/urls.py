"""Addresses about the safety of one's account."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/safety/", views.safety, name="safety"),
    path("settings/safety/places/end/", views.end_others, name="end-other-sign-ins"),
    path("settings/safety/places/<row:sign_in_id>/end/", views.end_sign_in, name="end-sign-in"),
    path("settings/safety/password/", views.password_changed, name="password-changed"),
    path("settings/safety/programs/end/", views.end_tokens, name="end-tokens"),
]
