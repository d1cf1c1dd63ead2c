"""What is offered under the search field, and a person's word about their history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from feeds.searches.log import forget_search, forget_searches
from feeds.searches.suggesting import suggestions


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Part of a page: the options for what was typed so far."""
    begun = request.GET.get("q", "")
    rows = suggestions(begun, viewer=viewer_of(request))
    response = render(request, "feeds/_suggestions.html", {"rows": rows, "begun": begun.strip()})
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_POST
@people_only
def forget(request: PersonRequest) -> HttpResponse:
    """Remove one search (`text`) from one's history, or all of them."""
    if text := request.POST.get("text", ""):
        forget_search(person=request.user, text=text)
    else:
        forget_searches(person=request.user)
    return see_other(request, "search")
