"""Every address of the community. Rooms are included by name: the front hall imports none."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from community import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    # Before allauth, whose page of the same name it replaces.
    path("account/email/", include("accounts.addresses.urls")),
    path("account/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("api/v1/", include("community.api.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("feeds.api.urls")),
    path("api/", include("community.api.unknown")),
    path("", include("feeds.urls")),
    path("", include("accounts.urls")),
    path("", include("community.page_urls")),
]

handler400 = "community.errors.bad_request"
handler403 = "community.errors.forbidden"
handler404 = "community.errors.not_found"
handler500 = "community.errors.server_error"
