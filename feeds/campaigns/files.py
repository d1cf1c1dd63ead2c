"""Files of banners."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from community.services.kept_pictures import file_of
from community.views.media import CONFIDENTIAL, PUBLIC, send_file

from .models import Banner, Campaign


@require_safe
def banner_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """A banner: of what anybody may meet, and of a draft for whoever runs it."""
    rows = Banner.objects.filter(token=token, state=Banner.State.READY)
    public = rows.filter(campaign__in=Campaign.objects.shown()).first()
    viewer = viewer_of(request)
    banner = public
    if banner is None and viewer is not None:
        banner = rows.filter(campaign__in=Campaign.objects.of(viewer)).first()
    found = file_of(banner, file)
    if found is None:
        raise Http404
    return send_file(request, *found, PUBLIC if public else CONFIDENTIAL)
