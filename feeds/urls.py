"""Addresses of pages that list notes, and of what readers tell the engine."""

from django.urls import include, path

import accounts.asking  # noqa: F401 (registers the converters)

from .styleguide.views import styleguide
from .views import (
    acts,
    albums,
    brands,
    covers,
    feeds,
    house,
    lists,
    metrics,
    my_feed,
    pool,
    quality,
    search,
    suggest,
    topics,
)

urlpatterns = [
    path("", feeds.discover, name="discover"),
    path("follow/", feeds.follow, name="follow"),
    path("nearby/", feeds.nearby, name="nearby"),
    path("hot/", feeds.hot, name="hot"),
    path("channels/<slug:slug>/", feeds.channel, name="channel"),
    path("search/", search.search, name="search"),
    path("search/suggest/", suggest.suggest, name="search-suggest"),
    path("search/history/", suggest.forget, name="search-forget"),
    path("topics/<str:slug>/", topics.topic, name="topic"),
    path("tags/<str:key>/", lists.tag, name="tag"),
    path("places/<row:place_id>/", lists.place, name="place"),
    path("brands/<username:slug>/", brands.brand, name="brand"),
    path("products/<row:product_id>/", brands.product, name="product"),
    path("people/<username:username>/", lists.profile, name="profile"),
    path("albums/<row:album_id>/", albums.album, name="album"),
    path("notes/<row:note_id>/pool/", pool.pool, name="pool"),
    path("notes/<row:note_id>/cover-test/", covers.start, name="start-cover-test"),
    path("notes/<row:note_id>/cover-test/stop/", covers.stop, name="stop-cover-test"),
    path("compose/quality/", quality.draft_quality, name="draft-quality"),
    path("notes/<row:note_id>/quality/", quality.note_quality, name="note-quality"),
    path("notes/<row:note_id>/related/", lists.related, name="related"),
    path("notes/<row:note_id>/menu/", acts.card_menu, name="card-menu"),
    path("events/", acts.events, name="events"),
    path("less/", acts.less_of, name="less-of"),
    path("settings/feed/", my_feed.my_feed, name="my-feed"),
    path("settings/feed/interest/", my_feed.change_interest, name="change-interest"),
    path("settings/feed/dials/", my_feed.turn_dials, name="turn-dials"),
    path("settings/feed/personal/", my_feed.switch_personal, name="switch-personal"),
    path("", include("feeds.boosts.urls")),
    path("", include("feeds.collaborations.urls")),
    path("", include("feeds.campaigns.urls")),
    path("", include("feeds.insights.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("metrics", metrics.metrics, name="metrics"),
    path("keys/", house.keys, name="keys"),
    path("languages/", house.languages, name="languages"),
]
