"""What somebody reads whose account is not open yet."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.limits import take
from accounts.rates import Rate

from .models import Newcomer

AGAIN = Rate.parse("3/30m")


def tell_newcomer(request: HttpRequest, newcomer: Newcomer) -> HttpResponse:
    """They wait for their own confirmation (the link is sent again, now and then), for staff, or
    for nothing any more."""
    if newcomer.state == Newcomer.State.UNCONFIRMED:
        address = EmailAddress.objects.filter(user=newcomer.person_id, verified=False).first()
        who = f"newcomer {newcomer.person_id}"
        if address and take(scope="confirm-newcomer", who=who, rate=AGAIN).allowed:
            address.send_confirmation(request, signup=True)
        return render(request, "account/verification_sent.html")
    return render(request, "entry/waiting.html", {"newcomer": newcomer})
