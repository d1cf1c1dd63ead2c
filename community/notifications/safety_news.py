"""Tell a person what happened to their account: on the page of notices and, of sign-ins from
somewhere new, by mail too, because whoever signed in reads the notices themselves. allauth mails
the changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.signals import account_changed, signed_in_anew
from community.outbox.jobs import enqueue, handler
from community.wording import exact_time

from .models import Notification
from .services import tell

Kind = Notification.Kind
NOT_YOU = gettext_lazy("If that was not you, choose a new password.")
CHANGES = {
    "password": gettext_lazy("Your password was changed."),
    "email": gettext_lazy("Your email address was changed."),
    "email-back": gettext_lazy("A change of your email address was undone from the old one."),
    "added-webauthn": gettext_lazy("A passkey was added."),
    "removed-webauthn": gettext_lazy("A passkey was removed."),
    "added-totp": gettext_lazy("An authenticator app was set up."),
    "removed-totp": gettext_lazy("The authenticator app was taken away."),
    "added-recovery_codes": gettext_lazy("Recovery codes were made."),
    "removed-recovery_codes": gettext_lazy("Recovery codes were taken away."),
    "teen-on": gettext_lazy("Teen mode is on: you agreed on a guardian."),
    "teen-off": gettext_lazy("Teen mode has ended."),
    "teen-rules": gettext_lazy("Your guardian changed the rules of your account."),
    "reset-recovery_codes": gettext_lazy("New recovery codes were made."),
}


@receiver(signed_in_anew, dispatch_uid="notifications.sign_in")
def of_sign_in(person: User, device: str, network: str, now: datetime, **_: Any) -> None:
    about: dict[str, Any] = {
        "person": person.pk,
        "device": device,
        "network": network,
        "at": now.isoformat(),
    }
    enqueue("notify.sign_in", **about)
    enqueue("mail.sign_in", **about)


@receiver(account_changed, dispatch_uid="notifications.account")
def of_change(person: User, what: str, now: datetime, **_: Any) -> None:
    enqueue("notify.account", person=person.pk, what=what, at=now.isoformat())


@handler("notify.sign_in")
def sign_in(*, person: int, device: str, network: str, at: str) -> None:
    words = format_lazy("{where}. {advice}", where=_where(device, network), advice=NOT_YOU)
    _tell_once(person, Kind.SIGN_IN, words, at)


@handler("notify.account")
def account(*, person: int, what: str, at: str) -> None:
    if what in CHANGES:
        _tell_once(
            person,
            Kind.SAFETY,
            format_lazy("{what} {advice}", what=CHANGES[what], advice=NOT_YOU),
            at,
        )


def _tell_once(person_id: int, kind: str, words: Any, at: str) -> None:
    """The moment tells a second run of the same job."""
    now = datetime.fromisoformat(at)
    if not Notification.objects.filter(person=person_id, kind=kind, created_at=now).exists():
        tell(person_id=person_id, kind=kind, words=words, path=reverse("safety"), now=now)


def _where(device: str, network: str) -> Any:
    place = ", ".join(part for part in (device, network) if part)
    return place or gettext_lazy("A browser that does not say which")


# Not atomic: a write transaction must not wait for the mail server.
@handler("mail.sign_in", atomic=False)
def mail_of_sign_in(*, person: int, device: str, network: str, at: str) -> None:
    """Twice only if the worker dies between the mail and its own note that it was sent."""
    told = User.objects.present().select_related("profile").filter(pk=person).first()
    if told is None or not told.email:
        return
    profile = told.profile
    with (
        translation.override(profile.language or settings.LANGUAGE_CODE),
        timezone.override(profile.time_zone or None),
    ):
        context = {
            "site_name": settings.SITE_NAME,
            "name": profile.name,
            "where": _where(device, network),
            "when": exact_time(datetime.fromisoformat(at)),
            "address": settings.SITE_URL + reverse("safety"),
        }
        body = render_to_string("safety/mail/sign_in.txt", context)
        subject = _("Somebody signed in to your account")
        send_mail(subject, body, None, [told.email])
