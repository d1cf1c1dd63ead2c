"""Archives that people asked for."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def on_their_way(self) -> Self:
        return self.filter(state__in=Archive.ON_THEIR_WAY)

    def newest(self) -> Self:
        return self.order_by("-pk")


class Archive(models.Model):
    """One file of everything about one person, from being asked for until it expires."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("an archive", "Waiting")
        BUILDING = "building", pgettext_lazy("an archive", "Being put together")
        READY = "ready", pgettext_lazy("an archive", "Ready")
        FAILED = "failed", pgettext_lazy("an archive", "Not made")

    class Trouble(models.TextChoices):
        """Why it was not made."""

        NONE = "", _("Nothing")
        ROOM = "room", _("There was no room on the community's disk.")
        BROKEN = "broken", _("Something broke on our side.")

    ON_THEIR_WAY: ClassVar = (State.WAITING, State.BUILDING)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archives"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # Name of its file under PRIVATE_ROOT: cannot be guessed, and no address leads there.
    token = models.CharField(max_length=32, unique=True, editable=False)
    # Sections that are written, of how many; rows and files in them.
    done = models.PositiveSmallIntegerField(_("sections done"), default=0)
    sections = models.PositiveSmallIntegerField(_("sections"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    files = models.PositiveIntegerField(_("files"), default=0)
    size = models.BigIntegerField(_("bytes"), default=0)
    trouble = models.CharField(max_length=6, choices=Trouble, blank=True, default=Trouble.NONE)
    asked_at = models.DateTimeField(_("asked"))
    ready_at = models.DateTimeField(_("ready since"), null=True)
    # From then on it cannot be fetched, and the next round removes the file.
    expires_at = models.DateTimeField(_("expires"), null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "building"]),
                name="one_archive_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="archive_by_state")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in self.ON_THEIR_WAY

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def percent(self) -> int:
        return 100 * self.done // self.sections if self.sections else 0


class IntakeQuerySet(models.QuerySet["Intake"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def on_their_way(self) -> Self:
        return self.filter(state__in=Intake.ON_THEIR_WAY)

    def newest(self) -> Self:
        return self.order_by("-pk")


class Intake(models.Model):
    """A file that somebody brought, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("an intake", "Waiting")
        RUNNING = "running", pgettext_lazy("an intake", "Being taken in")
        DONE = "done", pgettext_lazy("an intake", "Taken in")
        STOPPED = "stopped", pgettext_lazy("an intake", "Stopped")
        REFUSED = "refused", pgettext_lazy("an intake", "Refused")

    class How(models.TextChoices):
        DRAFTS = "drafts", _("As drafts, which you look at and publish")
        PUBLISHED = "published", _("Published, each with its own date, for whom it was for")

    ON_THEIR_WAY: ClassVar = (State.WAITING, State.RUNNING)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="intakes"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    how = models.CharField(_("how"), max_length=9, choices=How, default=How.DRAFTS)
    # Name of the file under PRIVATE_ROOT until it is taken in.
    token = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(_("file"), max_length=100, blank=True)
    size = models.BigIntegerField(_("bytes"), default=0)
    # "rockpool", "instagram" or "pixelfed", once it was looked at.
    kind = models.CharField(_("kind"), max_length=9, blank=True)
    total = models.PositiveIntegerField(_("items"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    added = models.PositiveIntegerField(_("taken in"), default=0)
    there_already = models.PositiveIntegerField(_("there already"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    # The first of them: [number, reason].
    troubles = models.JSONField(_("troubles"), default=list)
    why = models.CharField(_("why"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("done"), null=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_intake_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.state}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in self.ON_THEIR_WAY

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Brought(models.Model):
    """That an item of a source was taken in for a person: brought again, it changes nothing, also
    when its note was deleted since."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brought"
    )
    # Digest of the source and of the item's name there.
    key = models.CharField(max_length=64)
    note = models.ForeignKey(
        "community.Note", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # False while its pictures are still taken in: a worker that died begins such a note anew.
    complete = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="brought_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key[:12]}"
