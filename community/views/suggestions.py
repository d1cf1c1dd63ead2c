"""What the compose page offers while one types: tags, a channel and places, as JSON for its
modules, and for its form without them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from accounts.models import User
from community.forms import Words
from community.lexicon.models import TagAlias
from community.models import Place, Tag
from community.search.prefixes import begins
from community.services.channel_guess import Guess, guess_channel
from community.services.suggestions import OFFERED, Offer, suggest
from community.text.clean import clean_body, clean_line
from community.text.hashtags import tag_key

from .known import places_known_to, public_tag_keys, tags_known_to

OFFERED_AT_MOST = OFFERED
QUERY_LENGTH = 80
TEXT_LENGTH = 2_000
CHOSEN_LENGTH = 900
# Dots of known places on a map; more would hide it.
DRAWN_AT_MOST = 60
# South, west, north, east.
Box = tuple[float, float, float, float]


@require_safe
@people_only
def suggest_tags(request: PersonRequest) -> HttpResponse:
    """`?q=`: known tags that begin so. Else `?title=&body=&chosen=`: what the text is about, and
    the channel it sounds like."""
    if begun := tag_key(clean_line(request.GET.get("q", ""), max_length=QUERY_LENGTH)):
        names = _beginning(request.user, begun)
        return JsonResponse({"tags": [{"name": name} for name in names], "channel": None})
    title = clean_line(request.GET.get("title", ""), max_length=TEXT_LENGTH)
    body = clean_body(request.GET.get("body", "")[:TEXT_LENGTH])
    chosen = Words.split(clean_body(request.GET.get("chosen", "")[:CHOSEN_LENGTH]))
    offers = offers_for(request.user, title=title, body=body, chosen=chosen)
    guess = guess_channel(title=title, body=body)
    return JsonResponse(
        {
            "tags": [_tag(offer) for offer in offers],
            "channel": {"slug": guess.channel.slug, "name": full_name(guess)} if guess else None,
        }
    )


def offers_for(person: User, *, title: str, body: str, chosen: list[str]) -> list[Offer]:
    return suggest(title=title, body=body, chosen=chosen, known=public_tag_keys(), viewer=person)


def full_name(guess: Guess) -> str:
    """`Food › Coffee`."""
    parent = guess.channel.parent
    return f"{parent.name} › {guess.channel.name}" if parent else guess.channel.name


def _beginning(person: User, begun: str) -> list[str]:
    """Known tags whose name, or other name, begins so."""
    own = Tag.objects.filter(begins("key", begun)).values("pk")
    called = TagAlias.objects.filter(begins("key", begun)).values("tag")
    known = tags_known_to(person).filter(Q(pk__in=own) | Q(pk__in=called))
    return list(known.order_by("key").values_list("name", flat=True)[:OFFERED_AT_MOST])


def _tag(offer: Offer) -> dict[str, str]:
    return {
        "name": offer.name,
        "kind": offer.kind,
        "kind_name": offer.kind_name,
        "reason": offer.reason,
    }


@require_safe
@people_only
def suggest_places(request: PersonRequest) -> HttpResponse:
    """Places whose name or city holds the words, those whose name begins with them first; with
    `?box=south,west,north,east`, in degrees, those on this part of a map."""
    if box := box_of(request.GET.get("box", "")):
        there = places_known_to(request.user).filter(_within(box)).order_by("pk")
        return JsonResponse({"places": [_described(place) for place in there[:DRAWN_AT_MOST]]})
    query = clean_line(request.GET.get("q", ""), max_length=QUERY_LENGTH)
    return JsonResponse({"places": [_described(place) for place in _places(request, query)]})


def box_of(said: str) -> Box | None:
    """South, west, north and east; None for what is no part of a map. A map that shows the date
    line says 190 for 170 west."""
    try:
        south, west, north, east = (float(side) for side in said.split(","))
    except ValueError:
        return None
    fits = -90 <= south <= north <= 90 and -540 <= west <= east <= 540
    return (south, west, north, east) if fits else None


def _within(box: Box) -> Q:
    south, west, north, east = box
    rows = Q(latitude__range=(south, north))
    if east - west >= 360:
        return rows
    turns = ((west + turn, east + turn) for turn in (-360, 0, 360))
    columns = [Q(longitude__range=ends) for ends in turns if ends[1] >= -180 and ends[0] <= 180]
    return rows & reduce(or_, columns)


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
