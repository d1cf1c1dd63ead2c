"""What every page knows: the community's name, and the viewer's theme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    profile = user.profile if user is not None and user.is_authenticated else None
    return {"site_name": settings.SITE_NAME, "theme": profile.theme if profile else "system"}
