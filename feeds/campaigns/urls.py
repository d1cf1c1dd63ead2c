"""Addresses of campaigns."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from . import files, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/offers/", views.offers, name="campaign-offers"),
    path("campaigns/<str:slug>/", views.campaign, name="campaign"),
    path("media/campaigns/<slug:token>/<str:file>", files.banner_file, name="banner-file"),
    path("my/campaigns/", views.house_campaigns, name="house-campaigns"),
    path(
        "my/brands/<username:brand_slug>/campaigns/",
        views.brand_campaigns,
        name="brand-campaigns",
    ),
    path("my/campaigns/<row:campaign_id>/", views.run_campaign, name="run-campaign"),
    path("my/campaigns/<row:campaign_id>/banner/", views.set_banner, name="set-banner"),
    path("my/campaigns/<row:campaign_id>/report/", views.campaign_report, name="campaign-report"),
    path("my/campaigns/<row:campaign_id>/report.csv", views.campaign_file, name="campaign-file"),
    path(
        "my/campaigns/<row:campaign_id>/<slug:act_name>/", views.campaign_act, name="campaign-act"
    ),
]
