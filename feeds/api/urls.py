"""Addresses under /api/v1/ about feeds."""

from django.urls import path

from accounts import asking  # noqa: F401 (registers converters)
from accounts.api import reading  # noqa: F401 (registers another)

from .views import (
    acts,
    boosts,
    campaigns,
    collaborations,
    covers,
    insights,
    my_feed,
    pages,
    quality,
    search,
    topics,
)

urlpatterns = [
    path("feeds/discover/", pages.DiscoverView.as_view(), name="api-discover"),
    path("feeds/follow/", pages.FollowingView.as_view(), name="api-follow-feed"),
    path("feeds/nearby/", pages.NearbyView.as_view(), name="api-nearby"),
    path("feeds/hot/", pages.HotView.as_view(), name="api-hot"),
    path("channels/<word:slug>/feed/", pages.ChannelFeedView.as_view(), name="api-channel-feed"),
    path("topics/<word:slug>/notes/", topics.TopicView.as_view(), name="api-topic"),
    path("search/hot/", topics.HotSearchesView.as_view(), name="api-hot-searches"),
    path("tags/<word:key>/notes/", pages.TagNotesView.as_view(), name="api-tag-notes"),
    path("places/<row:place_id>/notes/", pages.PlaceNotesView.as_view(), name="api-place-notes"),
    path("me/liked/", pages.LikedView.as_view(), name="api-liked"),
    path("me/collected/", pages.CollectedView.as_view(), name="api-collected"),
    path("search/", search.SearchView.as_view(), name="api-search"),
    path("search/suggest/", search.SuggestView.as_view(), name="api-search-suggest"),
    path("me/searches/", search.SearchHistoryView.as_view(), name="api-searches"),
    path("events/", acts.EventsView.as_view(), name="api-events"),
    path("me/feed/", my_feed.MyFeedView.as_view(), name="api-my-feed"),
    path("me/feed/interests/", my_feed.InterestView.as_view(), name="api-my-interest"),
    path("me/feed/dials/", my_feed.DialsView.as_view(), name="api-my-dials"),
    path("less/", acts.LessView.as_view(), name="api-less"),
    path("notes/<row:note_id>/quality/", quality.QualityView.as_view(), name="api-quality"),
    path("me/insights/", insights.AccountInsightsView.as_view(), name="api-insights"),
    path(
        "notes/<row:note_id>/insights/",
        insights.NoteInsightsView.as_view(),
        name="api-note-insights",
    ),
    path("campaigns/", campaigns.CampaignsView.as_view(), name="api-campaigns"),
    path("campaigns/<word:slug>/", campaigns.CampaignView.as_view(), name="api-campaign"),
    path(
        "campaigns/<word:slug>/notes/",
        campaigns.CampaignNotesView.as_view(),
        name="api-campaign-notes",
    ),
    path(
        "me/campaigns/<row:campaign_id>/report/",
        campaigns.CampaignReportView.as_view(),
        name="api-campaign-report",
    ),
    path("creators/", collaborations.CreatorsView.as_view(), name="api-creators"),
    path("collaborations/", collaborations.CollaborationsView.as_view(), name="api-collaborations"),
    path(
        "collaborations/<row:pk>/",
        collaborations.CollaborationView.as_view(),
        name="api-collaboration",
    ),
    path(
        "collaborations/<row:pk>/<word:name>/",
        collaborations.CollaborationActView.as_view(),
        name="api-collaboration-act",
    ),
    path("boosts/", boosts.BoostsView.as_view(), name="api-boosts"),
    path("boosts/<row:boost_id>/", boosts.BoostView.as_view(), name="api-boost"),
    path("boosts/<row:boost_id>/pay/", boosts.PayBoostView.as_view(), name="api-pay-boost"),
    path("boosts/<row:boost_id>/pause/", boosts.PauseBoostView.as_view(), name="api-pause-boost"),
    path(
        "boosts/<row:boost_id>/resume/", boosts.ResumeBoostView.as_view(), name="api-resume-boost"
    ),
    path("boosts/<row:boost_id>/stop/", boosts.StopBoostView.as_view(), name="api-stop-boost"),
    path(
        "boosts/<row:boost_id>/report/", boosts.BoostReportView.as_view(), name="api-boost-report"
    ),
    path("notes/<row:note_id>/pool/", acts.PoolView.as_view(), name="api-pool"),
    path("notes/<row:note_id>/cover-test/", covers.CoverTestView.as_view(), name="api-cover-test"),
    path(
        "notes/<row:note_id>/cover-test/stop/",
        covers.StopCoverTestView.as_view(),
        name="api-stop-cover-test",
    ),
]
