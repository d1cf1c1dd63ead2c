"""Addresses of the family."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/family/", views.family, name="family"),
    path("settings/family/code/", views.make_code, name="make-family-code"),
    path("settings/family/accept/", views.accept, name="accept-teen"),
    path("settings/family/<row:teen_id>/rules/", views.set_rules, name="set-teen-rules"),
    path("settings/family/<row:teen_id>/end/", views.end, name="end-teen-mode"),
]
