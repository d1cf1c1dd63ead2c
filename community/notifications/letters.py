"""Letters of accounts (confirm an address, choose a new password), sent by a worker."""

from __future__ import annotations

import json

from django.core.mail import EmailMultiAlternatives

from accounts.safety.sealing import unseal
from community.outbox.jobs import enqueue, handler


def send_soon(letter: str) -> None:
    """`letter`: sealed JSON of subject, text, html, from, to."""
    enqueue("mail.letter", letter=letter)


# Not atomic: a write transaction must not wait for the mail server.
@handler("mail.letter", atomic=False)
def letter(*, letter: str) -> None:
    """Twice only if the worker dies between the mail and its own note that it was sent."""
    said = json.loads(unseal(letter))
    message = EmailMultiAlternatives(said["subject"], said["text"], said["from"], said["to"])
    if said["html"]:
        message.attach_alternative(said["html"], "text/html")
    message.send()
