"""A form pressed twice does its work once, with and without JavaScript.

Every drawing of a page masks its CSRF token anew, so the token that a form sends is the mark of one
drawing. The same mark with the same fields at the same address is the same press again: a double
click, a reload of the answer, a browser that repeats a request it got no answer to. Other words
from the same page are another press. Programs have `Idempotency-Key` for this (`api/once.py`).
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from accounts.asking import PersonRequest, SeeOther, View
from accounts.errors import Conflict

from .models import IdempotentAnswer

MARK = "csrfmiddlewaretoken"
# No key of a program begins so.
PREFIX = "="
DONE = 303
REFUSED = 400
# A press that nobody finished is free again: its process was killed.
GIVEN_UP_AFTER = timedelta(minutes=1)
# How long a second press waits for the first, in seconds, and how often it looks.
LONGEST_WAIT = 10.0
LOOK_EVERY = 0.05


class StillWorking(Conflict):
    code = "still_working"
    message = _("This is being done already. Look again in a moment.")


def pressed_once(view: View) -> View:
    """Decorate a page view that makes something, inside `people_only` and `shows_refusals`.

    What it answers with a redirect, or to htmx with a part of the page, is done: the same press
    again is sent to the same place. What it refuses may be pressed again. Raises StillWorking where
    the first press takes longer than a second one can wait.
    """

    @wraps(view)
    def once(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if MARK not in request.POST:
            return view(request, *args, **kwargs)
        while (claim := _claim(request, timezone.now())) is None:
            if (done := _outcome(request)) is not None:
                return _repeated(request, done.get("location", ""))
        try:
            answer = view(request, *args, **kwargs)
        except BaseException:
            claim.delete()
            raise
        _settle(request, claim, answer)
        return answer

    return once


def key_of(request: HttpRequest) -> str:
    """What makes two requests one press: address, mark, fields, and names and sizes of files."""
    files = [
        (name, given.name, given.size)
        for name in sorted(request.FILES)
        for given in request.FILES.getlist(name)
    ]
    pressed = [request.get_full_path(), sorted(request.POST.lists()), files]
    return PREFIX + sha256(json.dumps(pressed).encode()).hexdigest()[:63]


def _claim(request: PersonRequest, now: datetime) -> IdempotentAnswer | None:
    """The row of this press, or None where an earlier one has it."""
    key, person = key_of(request), request.user
    IdempotentAnswer.objects.filter(
        person=person, key=key, status=0, created_at__lt=now - GIVEN_UP_AFTER
    ).delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                person=person, key=key, route=f"POST {request.path}"[:200], created_at=now
            )
    except IntegrityError:
        return None


def _settle(request: PersonRequest, claim: IdempotentAnswer, answer: HttpResponse) -> None:
    """Keep where a press led; forget one that was refused or whose answer can be told only once.

    A refusal that kept something all the same (words as a draft) names it by `Content-Location`.
    """
    if location := getattr(answer, "url", None) or answer.headers.get("Content-Location"):
        claim.answer = {"location": location}
    elif not (request.htmx and answer.status_code < REFUSED):
        claim.delete()
        return
    claim.status = DONE
    claim.save(update_fields=["status", "answer"])


def _repeated(request: PersonRequest, location: str) -> HttpResponse:
    """To where the first press led; the page itself anew where the first changed a part of it."""
    if location and not request.htmx:
        return SeeOther(location)
    return HttpResponseClientRedirect(location) if location else HttpResponseClientRefresh()


def _outcome(request: PersonRequest) -> dict[str, Any] | None:
    """What the first press ended with; None where it was refused. Raises StillWorking."""
    key, until = key_of(request), time.monotonic() + LONGEST_WAIT
    while True:
        first = IdempotentAnswer.objects.filter(person=request.user, key=key).first()
        if first is None or first.status == DONE:
            return first.answer if first else None
        if time.monotonic() > until:
            raise StillWorking
        time.sleep(LOOK_EVERY)
