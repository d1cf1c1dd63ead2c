"""What the style guide shows its parts with: rows that are in no database.

Their numbers and names belong to nobody, so that a heart pressed here is refused and falls back,
as it does where the network fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from community.models import Channel, Note, NoteImage, NoteVideo
from community.pictures_shown import CoverPicture
from feeds.cards import draw_card
from feeds.insights import drawing
from feeds.insights.rules import Group, Totals
from feeds.pages import FeedItem
from feeds.reasons import PLAIN, Reason

# Beyond every row there will ever be, and still a number that addresses take.
NOBODYS = 999_999_999_999_990_000
# No name that one can join with.
NAME = "~rosa"
SHAPES = {"tall": (600, 800), "square": (600, 600), "wide": (800, 600)}
WORDS = "Where the tide leaves its glass"


class SampleForm(forms.Form):
    """Each kind of field; bound to what is wrong, each with its error."""

    title = forms.CharField(label=_("Title"), max_length=100)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", "…"), ("craft", "Craft"), ("nature", "Nature")]
    )
    email = forms.EmailField(
        label=_("Email"), help_text=_("Only you see it. We write when it matters.")
    )
    body = forms.CharField(
        label=_("Text"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    good: ClassVar = {
        "title": WORDS,
        "channel": "nature",
        "email": "rosa@example.org",
        "body": "Green ones are bottles, blue ones were medicine.",
    }
    wrong: ClassVar = {"title": "", "channel": "", "email": "rosa at example", "body": ""}


def person() -> User:
    found = User(pk=NOBODYS, username=NAME)
    found.profile = Profile(pk=NOBODYS, person=found, display_name="Rosa Finds")
    return found


def people() -> list[User]:
    """Somebody one does not follow, and somebody one follows."""
    found = [person(), person()]
    for one, is_followed in zip(found, (False, True), strict=True):
        one.is_followed = is_followed  # type: ignore[attr-defined]
        one.profile.followers_count = 1_240
    return found


def note(number: int, title: str = WORDS, **facts: Any) -> Note:
    channel = Channel(pk=NOBODYS, slug="nature", name_en="Nature", name_zh="自然")
    return Note(pk=NOBODYS + number, title=title, author=person(), channel=channel, **facts)


def cover(shape: str) -> CoverPicture:
    width, height = SHAPES[shape]
    picture = static("img/sample.svg")
    return CoverPicture(picture, "", "", "", picture, width, height, "", "", processing=False)


def cards(side: int) -> SafeString:
    """Every shape and every sign a card can have. `side` keeps their ids apart where they stand
    on the page a second time."""
    made = [_card(n, shown, **how) for n, (shown, how) in enumerate(_kinds_of_cards(side))]
    return mark_safe("".join(made))  # noqa: S308 (cards escape what they show)


def _kinds_of_cards(side: int) -> Sequence[tuple[Note, dict[str, Any]]]:
    video = NoteVideo(state=NoteVideo.State.READY, seconds=47)
    paid, sensitive = Note.Disclosure.PAID, Note.Label.SENSITIVE
    return [
        (note(side + 1), {"shape": "tall", "source": "hot", "likes": 1_240, "liked": True}),
        (note(side + 2, "A heron waits"), {"shape": "square", "source": "fresh"}),
        (note(side + 3, "潮水退去之后，海滩上留下的玻璃"), {"shape": "wide", "source": "followed"}),
        (
            note(side + 4, "The red ones are said to be from old lamps"),
            {"shape": "", "source": "popular"},
        ),
        (
            note(side + 5, "The tide comes in", video=video),
            {"shape": "tall", "source": "readers", "likes": 7},
        ),
        (note(side + 6, "Boots for wet rocks"), {"shape": "square", "source": "boost"}),
        (
            note(side + 7, "My celadon bowl", disclosure=paid, ai_made=True, label=sensitive),
            {"shape": "square", "source": "quality", "pictures": 3},
        ),
    ]


def _card(
    number: int,
    shown: Note,
    *,
    shape: str,
    source: str,
    likes: int = 0,
    liked: bool = False,
    pictures: int = 1,
) -> str:
    images = [NoteImage(note=shown, position=n) for n in range(pictures if shape else 0)]
    shown._prefetched_objects_cache = {"images": images}  # type: ignore[attr-defined]
    reason = Reason(source, None, str(PLAIN[source]()))
    item = FeedItem(
        note_id=shown.pk,
        position=number,
        source=source,
        reason=reason,
        feed="discover",
        revision=1,
        likes=likes,
        collects=0,
        liked=liked,
        collected=False,
        is_mine=False,
        paid=source == "boost",
    )
    return draw_card(shown, cover(shape) if shape else None, item)


def told() -> list[Message]:
    return [
        Message(constants.SUCCESS, gettext("Your changes are saved.")),
        Message(constants.ERROR, gettext("That did not go through. Try again.")),
    ]


def wishes() -> list[dict[str, Any]]:
    return [
        {"kind": "note", "target": NOBODYS, "name": "", "asked": False},
        {"kind": "author", "target": NOBODYS, "name": "Rosa Finds", "asked": False},
        {"kind": "tag", "target": NOBODYS, "name": "#beach", "asked": True},
    ]


def channels() -> list[Channel]:
    names = [("nature", "Nature", "自然"), ("craft", "Craft", "手作"), ("food", "Food", "美食")]
    return [
        Channel(pk=NOBODYS + n, slug=slug, name_en=english, name_zh=chinese)
        for n, (slug, english, chinese) in enumerate(names)
    ]


def figures(today: date) -> dict[str, Any]:
    """Two weeks of a studio, with its charts."""
    days = [
        (today - timedelta(days=13 - n), Totals(200 + 37 * (n % 5) + 12 * n, 60 + 9 * (n % 4), 30))
        for n in range(14)
    ]
    hours = {(n % 7, (7 * n) % 24): n % 9 for n in range(60)}
    cities = [Group("Hangzhou", 210, 60, 12), Group("Lisbon", 120, 44, 9)]
    return {
        "tiles": [
            (_("Impressions"), 12_400, 0.18),
            (_("Opened"), 2_104, -0.04),
            (_("Follows"), 31, None),
        ],
        "chart": drawing.course(days, ("impressions", "opens")),
        "course": [(drawing.day_name(day), totals) for day, totals in days],
        "bars": drawing.group_bars(cities),
        "week": drawing.week(hours),
        "title": _("Cities"),
        "mark": SimpleNamespace(score=0.72, reason=_("Clear pictures."), advice=""),
    }
