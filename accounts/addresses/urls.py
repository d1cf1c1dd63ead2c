"""Addresses about addresses. The first stands in the place of allauth's page, under its name."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.address, name="account_email"),
    path("ask/", views.ask, name="ask-for-address"),
    path("drop/", views.drop, name="drop-address"),
    path("send/", views.send_again, name="send-confirmation"),
    path("confirm/<str:token>/", views.confirm, name="confirm-address"),
    path("undo/<str:token>/", views.undo, name="undo-address"),
]
