"""Rules of moderation: their versions, what each did, and what it would have done.

A version is written once and never changed; what happens to it is a line of the history.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 80
WORDS_LENGTH = 300


class Rule(models.Model):
    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        LINKS = "links", _("Links")
        RATE = "rate", _("Too many in a short time")
        NEWCOMERS = "newcomers", _("First notes and comments of an account")
        BURST = "burst", _("The same text by several accounts")
        PICTURES = "pictures", _("Known pictures")

    name = models.CharField(_("name"), max_length=NAME_LENGTH, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    created_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("automatic rule")
        verbose_name_plural = _("automatic rules")
        ordering: ClassVar = ["name"]
        permissions: ClassVar = [
            ("write_rule", _("Can write automatic rules, try them and shadow them")),
            ("run_rule", _("Can put automatic rules live and roll them back")),
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def watching(self) -> Self:
        """Those that look at what is written: live ones act, shadows count."""
        states = (RuleVersion.State.LIVE, RuleVersion.State.SHADOW)
        return self.filter(state__in=states).select_related("rule").order_by("pk")


class RuleVersion(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHADOW = "shadow", _("In shadow: counts, does nothing")
        LIVE = "live", _("Live")
        REPLACED = "replaced", _("Replaced by a later version")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    class Act(models.TextChoices):
        REFUSE = "refuse", _("Refuse it with a sentence")
        HOLD = "hold", _("Hold it until staff has looked")
        LIMIT = "limit", _("Limit its reach to followers")
        LABEL = "label", _("Put a label on it")
        REPORT = "report", _("Let it be, and report it to the moderators")

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    act = models.CharField(_("what it does"), max_length=8, choices=Act)
    # Which label, where it labels: a value of Note.Label.
    label = models.CharField(max_length=10, blank=True)
    # "note", "comment", "profile", "message": where it looks.
    places = models.JSONField(default=list)
    # By kind; conditions.py says what stands in it.
    settings = models.JSONField(default=dict)
    # To the author; empty: our own sentence for this kind, in their language.
    words = models.CharField(_("words to the author"), max_length=WORDS_LENGTH, blank=True)
    # Since when it is in its state.
    since = models.DateTimeField()

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state="live"), name="one_live_version"
            ),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state__in=["draft", "shadow"]), name="one_next_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.number}"


class RuleBook(models.Model):
    """One row: counts up whenever what looks changes, so that each process knows to read anew."""

    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class AppendOnly(models.QuerySet["RuleChange"]):
    def update(self, **_values: Any) -> NoReturn:
        raise TypeError("the history of a rule is never changed")

    def delete(self) -> NoReturn:
        raise TypeError("the history of a rule is never deleted")


class RuleChange(models.Model):
    """Who did what to a rule, when, and why."""

    class What(models.TextChoices):
        WRITTEN = "written", _("wrote it")
        TRIED = "tried", _("tried it on what was written")
        SHADOWED = "shadowed", _("put it in shadow")
        LIVE = "live", _("put it live")
        ROLLED_BACK = "rolled_back", _("rolled it back")

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    why = models.CharField(_("why"), max_length=WORDS_LENGTH, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("change of a rule")
        verbose_name_plural = _("changes of rules")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.what}"


class Found(models.Model):
    """What a version hits and where: hits of a dry run and hits of what was just written."""

    note = models.ForeignKey(
        "community.Note", on_delete=models.CASCADE, null=True, related_name="+"
    )
    comment = models.ForeignKey(
        "community.Comment", on_delete=models.CASCADE, null=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # [field, start, end] of each piece that is hit; none where it is not a piece of the text.
    spans = models.JSONField(default=list)
    # Of the text (text.duplicates.digest): another text is another hit.
    digest = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Hit(Found):
    """A version found something in what somebody wrote, and did what it does."""

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="hits")
    place = models.CharField(max_length=8)
    # What was done; empty in shadow.
    done = models.CharField(max_length=8, blank=True, choices=RuleVersion.Act)
    decision = models.ForeignKey(
        "moderation.Decision", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hit of a rule")
        verbose_name_plural = _("hits of rules")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "note", "digest"],
                condition=Q(comment=None),
                name="hit_note_once",
            ),
            models.UniqueConstraint(fields=["version", "comment"], name="hit_comment_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["version", "at"], name="hits_of_version"),
            models.Index(fields=["note", "undone_at"], name="hits_of_note"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.place} {self.note_id or self.comment_id or '-'}"


class DryRun(models.Model):
    """A version tried on what was written in a period; it changes nothing."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="dry_runs")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    finished_at = models.DateTimeField(null=True)
    # How far it came: the place it reads ("note", then "comment") and the last id read there.
    place = models.CharField(max_length=8, default="note")
    last_id = models.BigIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    # When done: {"notes", "comments", "authors", "reach", "hidden", "kept", "undecided"}.
    results = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("dry run")
        verbose_name_plural = _("dry runs")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state="running"), name="one_dry_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.asked_at:%F})"

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.read / self.total)) if self.total else 100


class DryHit(Found):
    run = models.ForeignKey(DryRun, on_delete=models.CASCADE, related_name="found")
    # What staff had decided about it last: "hide", "keep", ...; empty: nothing.
    decided = models.CharField(max_length=8, blank=True)
    impressions = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "note"], condition=Q(comment=None), name="dry_hit_note_once"
            ),
            models.UniqueConstraint(fields=["run", "comment"], name="dry_hit_comment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.note_id or self.comment_id}"


class Said(models.Model):
    """That somebody wrote a text: how the same one is found again, by whomever. Kept for days."""

    note = models.OneToOneField(
        "community.Note", on_delete=models.CASCADE, null=True, related_name="+"
    )
    comment = models.OneToOneField(
        "community.Comment", on_delete=models.CASCADE, null=True, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Of its letters alone, folded (text/disguise.py).
    digest = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["digest", "at"], name="said_the_same"),
            models.Index(fields=["at"], name="said_until"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.digest}"
