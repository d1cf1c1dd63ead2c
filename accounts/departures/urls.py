"""Addresses of closing one's account, and of opening it again."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/data/leave/", views.leave, name="leave"),
    path("come-back/", views.come_back, name="come-back"),
]
