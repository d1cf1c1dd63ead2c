"""The page on which the engine lays open what it knows of a person, and takes their word on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, whole_number
from accounts.errors import Invalid
from accounts.services import edit_profile
from community.errors import shows_refusals
from feeds import choices
from feeds.known_taste import known_taste
from feeds.languages import LANGUAGES
from feeds.viewer import mix_of

# Dial, and the words at its two ends.
DIALS = (
    ("new", gettext_lazy("Proven"), gettext_lazy("New")),
    ("unknown", gettext_lazy("People I follow"), gettext_lazy("People I do not know")),
    ("far", gettext_lazy("Near"), gettext_lazy("Far")),
    ("varied", gettext_lazy("More of the same"), gettext_lazy("More variety")),
)
KINDS = (
    ("tag", gettext_lazy("Tags")),
    ("channel", gettext_lazy("Channels")),
    ("author", gettext_lazy("People")),
)
# Interests of each kind that are open to the eye; the lighter ones unfold.
AT_ONCE = 8
# Digits of the longest number that fits a row's id.


@require_safe
@people_only
def my_feed(request: PersonRequest) -> HttpResponse:
    known = known_taste(request.user, now=timezone.now())
    mix = mix_of(request.user.pk)
    context = {
        "here": "feed",
        "tab": "me",
        "personalised": request.user.profile.personalised,
        "groups": [
            (kind, title, known.interests[kind][:AT_ONCE], known.interests[kind][AT_ONCE:])
            for kind, title in KINDS
        ],
        "removed": known.removed,
        "wishes": known.wishes,
        "dials": [(name, low, high, getattr(mix, name)) for name, low, high in DIALS],
        "by_time": mix.by_time,
        "languages": [(code, name, code in mix.languages) for code, name in LANGUAGES.items()],
    }
    return render(request, "feeds/my_feed.html", context)


@require_POST
@people_only
@shows_refusals
def change_interest(request: PersonRequest) -> HttpResponse:
    act = request.POST.get("act", "")
    choices.change_interest(
        person=request.user,
        act=act,
        kind=request.POST.get("kind", ""),
        target=_target(request),
        now=timezone.now(),
    )
    if act == "remove":
        messages.success(request, _("Forgotten. It is not learnt again unless you bring it back."))
    elif act == "restore":
        messages.success(request, _("It may be learnt again."))
    return see_other(request, "my-feed")


@require_POST
@people_only
@shows_refusals
def turn_dials(request: PersonRequest) -> HttpResponse:
    settings = {name: _step(request, name) for name, _low, _high in DIALS}
    choices.set_dials(
        person=request.user,
        by_time="by_time" in request.POST,
        languages=request.POST.getlist("languages"),
        **settings,
    )
    messages.success(request, _("Your next page of discover is mixed that way."))
    return see_other(request, "my-feed")


@require_POST
@people_only
@shows_refusals
def switch_personal(request: PersonRequest) -> HttpResponse:
    edit_profile(person=request.user, personalised="on" in request.POST)
    return see_other(request, "my-feed")


def _step(request: HttpRequest, name: str) -> int:
    try:
        return int(request.POST.get(name, "0")[:3])
    except ValueError:
        raise Invalid(_("A dial goes from -2 to 2."), field=name) from None


def _target(request: HttpRequest) -> int:
    target = whole_number(request.POST.get("target", ""))
    if target is None:
        raise Invalid(_("An interest is a tag, a channel or an author."), field="target")
    return target
