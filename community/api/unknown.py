"""Addresses under /api/ that nobody else answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import re_path, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .problems import problem_response


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Forgive a missing slash at the end, whatever the method; else there is nothing here."""
    if not request.path_info.endswith("/"):
        meant = resolve(request.path_info + "/")
        if meant.func is not unknown:
            request.path_info += "/"
            request.path += "/"
            request.resolver_match = meant
            return meant.func(request, *meant.args, **meant.kwargs)
    return problem_response(404, detail=_("There is nothing at this address."))


urlpatterns = [re_path(r"", unknown, name="api-unknown")]
