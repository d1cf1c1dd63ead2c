"""The link at the foot of a digest: it ends the mails for whoever holds it, without logging in.

RFC 8058: mail programs send a POST to it on their own. A GET changes nothing, because scanners
follow every link of a mail.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.asking import shows_refusals
from accounts.errors import NotFound
from accounts.models import User

from .preferences import stop_digests

SALT = "rockpool.notices.unsubscribe"


def token_for(person_id: int) -> str:
    """Never ends: old mails must still be good for it."""
    return signing.dumps(person_id, salt=SALT)


def person_of(token: str) -> int:
    """Raises NotFound for a token that we did not sign."""
    try:
        person_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound from None
    if not User.objects.filter(pk=person_id).exists():
        raise NotFound
    return int(person_id)


# Mail programs send no token of a form of ours; the link itself is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def unsubscribe(request: HttpRequest, mail_token: str) -> HttpResponse:
    person_id = person_of(mail_token)
    done = request.method == "POST"
    if done:
        stop_digests(person_id=person_id)
    return render(request, "notifications/unsubscribe.html", {"done": done})
