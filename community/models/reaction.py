"""What people do to notes: like, collect, share. One row each, held by the database."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from .note import Note


class Reaction(models.Model):
    """One person's act on one note; the constraint decides who was first, not the code."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="%(class)ss")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "note"], name="%(class)s_once")
        ]
        indexes: ClassVar = [models.Index(fields=["note", "created_at"], name="%(class)s_of_note")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.note_id}"


class Like(Reaction):
    pass


class Collect(Reaction):
    pass


class Share(Reaction):
    """A link that remembers who made it. Visits through it are counted, readers are not named."""

    token = models.CharField(max_length=16, unique=True)
    # The link by which its maker had come to the note, and through how many hands it has gone.
    via = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="onward")
    depth = models.PositiveSmallIntegerField(default=1)
    # Devices that came by it; accounts opened by people who did.
    visits = models.PositiveIntegerField(default=0)
    signups = models.PositiveIntegerField(default=0)


class Arrival(models.Model):
    """That a person first came to a note by somebody's link. Shown to nobody: it makes the chain.

    Of people without an account only their own device remembers the links, in a signed cookie.
    """

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="arrivals")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    signed_up = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "note"], name="arrived_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(signed_up=True), name="signed_up_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.share_id}"
