"""First visit: choose interests, then meet people who write about them, then read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import Invalid
from accounts.models import ChosenInterest, Follow, User
from accounts.services import MIN_INTERESTS, choose_interests
from community.errors import shows_refusals
from community.forms import InterestsForm
from community.interest_pictures import pictures_of_interests
from community.models import Channel, Note
from community.pictures_shown import CoverPicture

from .known import channels_to_choose

PEOPLE_OFFERED = 12


@dataclass
class Suggested:
    """Somebody to follow, and why."""

    person: User
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def welcome(request: PersonRequest) -> HttpResponse:
    """Interests after signing up; afterwards the same page changes them."""
    return _interests(request, "community/welcome.html", "welcome-people")


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def interests(request: PersonRequest) -> HttpResponse:
    return _interests(request, "community/interests.html", "settings")


def _interests(request: PersonRequest, template: str, afterwards: str) -> HttpResponse:
    channels = channels_to_choose()
    refusal = ""
    chosen = set(
        ChosenInterest.objects.filter(person=request.user).values_list("channel_slug", flat=True)
    )
    if request.method == "POST":
        form = InterestsForm(request.POST, channels=channels)
        chosen = set(request.POST.getlist("interests"))
        refusal = _choose(request.user, form)
        if not refusal:
            return see_other(request, afterwards)
    context = {
        "shelves": _shelves(channels, request.user),
        "chosen": chosen,
        "least": MIN_INTERESTS,
        "refusal": refusal,
        "here": "interests",
    }
    return render(request, template, context, status=400 if refusal else 200)


def _choose(person: User, form: InterestsForm) -> str:
    """Keep the choice; return why not, if so."""
    if not form.is_valid():
        return _("Choose from the channels shown.")
    try:
        choose_interests(person=person, slugs=form.cleaned_data["interests"])
    except Invalid as refusal:
        return str(refusal)
    return ""


@require_safe
@people_only
def welcome_people(request: PersonRequest) -> HttpResponse:
    return render(
        request, "community/welcome_people.html", {"suggested": people_to_follow(request.user)}
    )


def people_to_follow(person: User) -> list[Suggested]:
    """The most followed authors of public notes in the chosen channels, each with the reason."""
    slugs = list(
        ChosenInterest.objects.filter(person=person).values_list("channel_slug", flat=True)
    )
    notes = Note.objects.listed_for(person).filter(
        Q(channel__slug__in=slugs) | Q(channel__parent__slug__in=slugs)
    )
    followed = Follow.objects.filter(follower=person).values("followed")
    authors = list(
        notes.exclude(author=person)
        .filter(author__profile__discoverable=True)
        .exclude(author__in=followed)
        .values("author")
        .annotate(written=Count("pk"))
        .order_by("-author__profile__followers_count", "-written", "author")
        .values_list("author", "written")[:PEOPLE_OFFERED]
    )
    people = User.objects.select_related("profile").in_bulk([pk for pk, _written in authors])
    subjects = _subjects(notes.filter(author__in=people))
    return [
        Suggested(people[pk], _("Writes about %(channel)s") % {"channel": subjects[pk].name})
        for pk, _written in authors
    ]


def _subjects(notes: QuerySet[Note]) -> dict[int, Channel]:
    """The channel in which each author wrote most."""
    counted = (
        notes.values_list("author", "channel").annotate(n=Count("pk")).order_by("n", "-channel")
    )
    rows = list(counted)
    channels = Channel.objects.in_bulk({channel for _author, channel, _n in rows})
    return {author: channels[channel] for author, channel, _n in rows}


@dataclass
class Shelf:
    """A first-level channel with its parts, and a picture of what one finds there."""

    top: Channel
    parts: list[Channel]
    picture: CoverPicture | None


def _shelves(channels: list[Channel], viewer: User) -> list[Shelf]:
    tops = [channel for channel in channels if channel.parent_id is None]
    pictures = pictures_of_interests(tops, viewer)
    return [
        Shelf(top, [one for one in channels if one.parent_id == top.pk], pictures.get(top.pk))
        for top in tops
    ]
