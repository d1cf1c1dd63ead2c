"""Addresses of a buyer's pages."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import views

urlpatterns = [
    path("boosts/", views.my_boosts, name="boosts"),
    path("boosts/<row:boost_id>/", views.boost, name="boost"),
    path("boosts/<row:boost_id>/receipt/", views.receipt, name="boost-receipt"),
    path("boosts/<row:boost_id>/pay/", views.pay, name="pay-boost"),
    path("boosts/<row:boost_id>/pause/", views.pause, name="pause-boost"),
    path("boosts/<row:boost_id>/resume/", views.resume, name="resume-boost"),
    path("boosts/<row:boost_id>/stop/", views.stop, name="stop-boost"),
    path("notes/<row:note_id>/boost/", views.order, name="order-boost"),
    path("notes/<row:note_id>/boost/estimate/", views.estimate_part, name="boost-estimate"),
]
