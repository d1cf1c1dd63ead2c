"""Tell both addresses of a change: the mail of an account that may be somebody else's by now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses.links import confirm_link, masked, undo_link
from accounts.addresses.models import AddressChange
from accounts.addresses.services import belongs_to_another
from accounts.signals import address_news
from community.outbox.jobs import enqueue, handler
from community.wording import exact_time

SUBJECTS = {
    "asked-old": gettext_lazy("Somebody asked to change your address"),
    "asked-new": gettext_lazy("Confirm your new address"),
    "made-old": gettext_lazy("Your address was changed"),
    "made-new": gettext_lazy("This is your address now"),
    "undone-old": gettext_lazy("Your address is back"),
    "undone-new": gettext_lazy("A change of address was undone"),
}


@receiver(address_news, dispatch_uid="notifications.address")
def of_news(change_id: int, what: str, now: datetime, **_: Any) -> None:
    for side in ("old", "new"):
        enqueue("mail.address", change=change_id, letter=f"{what}-{side}")


# Not atomic: a write transaction must not wait for the mail server.
@handler("mail.address", atomic=False)
def mail_of_change(*, change: int, letter: str) -> None:
    """Twice only if the worker dies between the mail and its own note that it was sent."""
    row = AddressChange.objects.select_related("person__profile").filter(pk=change).first()
    if row is None:
        return
    address = row.old if letter.endswith("-old") else row.new
    # A link that works no longer is not worth a letter; what happened is.
    over = letter == "asked-new" and row.state != AddressChange.State.ASKED
    if not address or over:
        return
    profile = row.person.profile
    with (
        translation.override(profile.language or settings.LANGUAGE_CODE),
        timezone.override(profile.time_zone or None),
    ):
        # Whether the address is another's is told to its owner alone, who knows it.
        taken = letter == "asked-new" and belongs_to_another(address, row.person)
        subject = _("Somebody wanted to use your address") if taken else str(SUBJECTS[letter])
        body = render_to_string(
            f"addresses/mail/{letter}.txt", _words_about(row) | {"taken": taken}
        )
        send_mail(subject, body, None, [address])


def _words_about(change: AddressChange) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "name": change.person.profile.name,
        "username": change.person.username,
        "new_masked": masked(change.new),
        "undo": undo_link(change) if change.old_confirmed else "",
        "until": exact_time(change.undo_until),
        "confirm": confirm_link(change),
        "confirm_until": exact_time(change.confirm_until),
        "safety": settings.SITE_URL + reverse("safety"),
        "log_in": settings.SITE_URL + reverse("account_login"),
        "new_password": settings.SITE_URL + reverse("account_reset_password"),
    }
