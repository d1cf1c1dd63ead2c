"""Lists of notes that are not feeds: a tag's, a place's, a person's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.errors import NotFound
from accounts.models import Follow, Mute, User
from accounts.services import person_for
from community.errors import is_partial, shows_refusals
from community.models import Note
from community.services.access import note_for
from community.services.related_tags import related_to
from community.text.hashtags import tag_key
from community.views.known import places_known_to, tags_known_to
from feeds import listing
from feeds.pages import FeedPage
from feeds.related import related_notes

from . import albums
from .shell import cards_context, cursor_of, feed_response


@require_safe
@shows_refusals
def tag(request: HttpRequest, key: str) -> HttpResponse:
    folded = tag_key(key)
    if folded and folded != key:
        return HttpResponsePermanentRedirect(reverse("tag", args=[folded]))
    viewer = viewer_of(request)
    # A tag that only unseen notes carry is told from one that nobody used by nothing.
    found = tags_known_to(viewer).filter(key=folded).first()
    if found is None:
        if own := tags_known_to(viewer).filter(aliases__key=folded).first():
            return HttpResponsePermanentRedirect(own.get_absolute_url())
        raise NotFound
    page = listing.serve_tag(viewer=viewer, tag=found, cursor=cursor_of(request))
    count = Note.objects.filter(tagged__tag=found).listed_for(viewer).count()
    close = related_to(found, viewer=viewer)
    return feed_response(
        request, page, "feeds/tag.html", tag=found, count=count, related_tags=close
    )


@require_safe
@shows_refusals
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    # The place of unseen notes only may be somebody's home.
    found = places_known_to(viewer).filter(pk=place_id).first()
    if found is None:
        raise NotFound
    page = listing.serve_place(viewer=viewer, place=found, cursor=cursor_of(request))
    return feed_response(request, page, "feeds/place.html", place=found)


@require_safe
@shows_refusals
def related(request: HttpRequest, note_id: int) -> HttpResponse:
    """What else there is like this note: fills the foot of its page, or is a page itself."""
    viewer = viewer_of(request)
    note = note_for(viewer, note_id)
    page = related_notes(note, viewer=viewer)
    if is_partial(request):
        return render(request, "feeds/_related.html", cards_context(request, page))
    return feed_response(request, page, "feeds/related.html", note=note)


@require_safe
@shows_refusals
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """A person and their notes; for oneself also what one collected and liked."""
    viewer = viewer_of(request)
    person = person_for(viewer, username)
    is_me = viewer is not None and viewer.pk == person.pk
    shelf = request.GET.get("shelf", "notes")
    if shelf == "albums":
        return albums.profile_albums(request, person)
    shelf = shelf if is_me else "notes"
    page = _shelf(shelf, viewer, person, cursor_of(request))
    return feed_response(
        request,
        page,
        "feeds/profile.html",
        person=person,
        is_me=is_me,
        shelf=page.feed,
        tab="me" if is_me else "",
        follows=_has_tie(Follow, viewer, follower=viewer, followed=person),
        mutes=_has_tie(Mute, viewer, muter=viewer, muted=person),
    )


def _shelf(shelf: str, viewer: User | None, person: User, cursor: str | None) -> FeedPage:
    if viewer is not None and shelf == "collected":
        return listing.serve_collected(viewer=viewer, cursor=cursor)
    if viewer is not None and shelf == "liked":
        return listing.serve_liked(viewer=viewer, cursor=cursor)
    return listing.serve_person(viewer=viewer, person=person, cursor=cursor)


def _has_tie(kind: type[Follow] | type[Mute], viewer: User | None, **ends: User | None) -> bool:
    return viewer is not None and kind._default_manager.filter(**ends).exists()
