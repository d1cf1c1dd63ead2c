"""/styleguide/: for staff. To everybody else there is no such page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.errors import NotFound
from community.errors import is_partial, shows_refusals

from . import samples, talk
from .tokens import read_tokens

# Name of the template in templates/styleguide/, and the heading.
PARTS = (
    ("colours", _("Colours")),
    ("type", _("Words and sizes")),
    ("measures", _("Room, corners, shadow")),
    ("acts", _("Buttons, chips, badges")),
    ("ways", _("Ways around")),
    ("fields", _("Fields")),
    ("cards", _("Cards")),
    ("waiting", _("Waiting")),
    ("telling", _("Telling")),
    ("people", _("People and lists")),
    ("talk", _("Comments and notices")),
    ("choices", _("Dialog")),
    ("figures", _("Figures")),
)


@require_safe
@shows_refusals
def styleguide(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer is None or not viewer.is_staff:
        raise NotFound
    if is_partial(request):
        return HttpResponse(status=204)  # "More notes" was pressed: there are none
    stylesheet = (Path(settings.BASE_DIR) / "static/css/rockpool.css").read_text("utf-8")
    context = {
        "parts": PARTS,
        "tokens": read_tokens(stylesheet),
        "sides": [_side("light", 0), _side("dark", 100)],
    }
    response = render(request, "styleguide/page.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _side(theme: str, number: int) -> dict[str, Any]:
    """All parts once; `number` and `theme` keep ids apart from those of the other side."""
    wrong = samples.SampleForm(samples.SampleForm.wrong, auto_id=f"{theme}-wrong-%s")
    wrong.is_valid()
    return {
        "theme": theme,
        "empty_form": samples.SampleForm(auto_id=f"{theme}-%s"),
        "good_form": samples.SampleForm(
            initial=samples.SampleForm.good, auto_id=f"{theme}-good-%s"
        ),
        "wrong_form": wrong,
        "cards": samples.cards(number),
        "ranked": samples.cards(number + 50),
        "messages": samples.told(),
        "people": samples.people(),
        "note": samples.note(number),
        "comments": talk.comments(number, timezone.now()),
        "notices": talk.notices(number, timezone.now()),
        "wishes": samples.wishes(),
        "channels": samples.channels(),
        "figures": samples.figures(timezone.localdate()),
    }
