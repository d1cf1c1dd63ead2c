"""The page of an album, and the albums of a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of, whole_number
from accounts.models import Follow, Mute, User
from community.albums.models import Album, AlbumFollow, AlbumQuerySet
from community.albums.reading import albums_of, covers_of, people_in
from community.albums.services import album_for, role_in
from community.errors import shows_refusals
from community.pictures_shown import picture_of
from feeds import listing

from .shell import cursor_of, feed_response

ALBUMS_A_PAGE = 24


@require_safe
@shows_refusals
def album(request: HttpRequest, album_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = album_for(viewer, album_id)
    page = listing.serve_album(viewer=viewer, album=found, cursor=cursor_of(request))
    follows = AlbumFollow.objects.filter(album=found)
    return feed_response(
        request,
        page,
        "feeds/album.html",
        album=found,
        count=found.entries.shown_to(viewer).count(),
        role=role_in(found, viewer),
        people=people_in(found, viewer, everybody=False),
        follows=viewer is not None and follows.filter(person=viewer).exists(),
    )


def profile_albums(request: HttpRequest, person: User) -> HttpResponse:
    """A person's albums that the viewer may open, newest first; `before` is the last one's id."""
    viewer = viewer_of(request)
    is_me = viewer is not None and viewer.pk == person.pk
    rows, older = _page(
        albums_of(person, viewer=viewer).counted_for(viewer), request.GET.get("before", "")
    )
    context = {
        "person": person,
        "is_me": is_me,
        "shelf": "albums",
        "tab": "me" if is_me else "",
        "albums": with_covers(rows, viewer),
        "older": older,
        "follows": _has_tie(Follow, viewer, "follower", "followed", person),
        "mutes": _has_tie(Mute, viewer, "muter", "muted", person),
    }
    answer = render(request, "feeds/profile_albums.html", context)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def with_covers(albums: list[Album], viewer: User | None) -> list[dict[str, Any]]:
    covers = covers_of(albums, viewer)
    return [
        {"album": one, "cover": picture_of(covers[one.pk]) if one.pk in covers else None}
        for one in albums
    ]


def _page(albums: AlbumQuerySet, before: str) -> tuple[list[Album], int | None]:
    """Newest first by id: albums are numbered as they are made."""
    if (last := whole_number(before)) is not None:
        albums = albums.filter(pk__lt=last)
    rows = list(albums.order_by("-pk")[: ALBUMS_A_PAGE + 1])
    return rows[:ALBUMS_A_PAGE], rows[ALBUMS_A_PAGE - 1].pk if len(rows) > ALBUMS_A_PAGE else None


def _has_tie(
    kind: type[Follow] | type[Mute], viewer: User | None, one: str, other: str, person: User
) -> bool:
    ends = {one: viewer, other: person}
    return viewer is not None and kind._default_manager.filter(**ends).exists()
