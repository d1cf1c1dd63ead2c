"""What the compose page offers while one types: tags and places, as JSON for its modules."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from community.models import Place
from community.text.clean import clean_body, clean_line
from community.text.hashtags import tag_key
from community.text.keywords import suggest_tags as keywords_of

from .known import places_known_to, public_tag_keys, tags_known_to

OFFERED_AT_MOST = 8
QUERY_LENGTH = 80
TEXT_LENGTH = 2_000


@require_safe
@people_only
def suggest_tags(request: PersonRequest) -> HttpResponse:
    """`?q=`: known tags that begin so. Else `?title=&body=`: what the text is about."""
    if begun := tag_key(clean_line(request.GET.get("q", ""), max_length=QUERY_LENGTH)):
        tags = tags_known_to(request.user).filter(key__startswith=begun).order_by("key")
        names = list(tags.values_list("name", flat=True)[:OFFERED_AT_MOST])
    else:
        found = keywords_of(
            title=clean_line(request.GET.get("title", ""), max_length=TEXT_LENGTH),
            body=clean_body(request.GET.get("body", "")[:TEXT_LENGTH]),
            known=public_tag_keys(),
            limit=OFFERED_AT_MOST,
        )
        names = [suggestion.name for suggestion in found]
    return JsonResponse({"tags": names})


@require_safe
@people_only
def suggest_places(request: PersonRequest) -> HttpResponse:
    """Places whose name or city holds the words, those whose name begins with them first."""
    query = clean_line(request.GET.get("q", ""), max_length=QUERY_LENGTH)
    return JsonResponse({"places": [_described(place) for place in _places(request, query)]})


def _places(request: PersonRequest, query: str) -> list[Place]:
    if not query:
        return []
    known = places_known_to(request.user)
    beginning = list(known.filter(name__istartswith=query).order_by("name")[:OFFERED_AT_MOST])
    room = OFFERED_AT_MOST - len(beginning)
    others = known.filter(name__icontains=query).exclude(pk__in=[p.pk for p in beginning])
    return beginning + list(others.order_by("name")[:room])


def _described(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "city": place.city,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
