"""Tell newcomers by mail what was decided: they cannot log in to read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signals import newcomer_decided
from community.outbox.jobs import enqueue, handler


@receiver(newcomer_decided, dispatch_uid="notifications.newcomer")
def of_decision(person_id: int, accepted: bool, now: datetime, **_: Any) -> None:
    enqueue("mail.newcomer", key=person_id, person=person_id, accepted=accepted)


# Not atomic: a write transaction must not wait for the mail server.
@handler("mail.newcomer", atomic=False)
def mail_newcomer(*, person: int, accepted: bool) -> None:
    told = User.objects.select_related("profile").filter(pk=person).exclude(email="").first()
    if told is None:
        return
    with translation.override(told.profile.language or settings.LANGUAGE_CODE):
        context = {
            "site_name": settings.SITE_NAME,
            "name": told.profile.name,
            "accepted": accepted,
            "address": settings.SITE_URL + reverse("account_login"),
        }
        body = render_to_string("entry/mail/decided.txt", context)
        send_mail(_("About your account"), body, None, [told.email])
