"""What operators teach: known words, other names of tags, tags nobody may use; and which tags go
together, which is counted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.text.dictionary import LONGEST_FORM, SHORTEST_FORM, folded_form
from community.text.hashtags import MAX_TAG_LENGTH, tag_key

ALIASES_LENGTH = 600


class Term(models.Model):
    """A brand, product, place, activity or topic that is known by its names."""

    class Kind(models.TextChoices):
        BRAND = "brand", _("Brand")
        PRODUCT = "product", _("Product")
        PLACE = "place", _("Place")
        ACTIVITY = "activity", _("Activity")
        TOPIC = "topic", _("Topic")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=MAX_TAG_LENGTH)
    # The fold of the name: one term a spelling.
    form = models.CharField(max_length=120, unique=True, editable=False)
    aliases = models.TextField(
        _("other names"),
        max_length=ALIASES_LENGTH,
        blank=True,
        help_text=_("One a line. The word is found by any of them."),
    )
    tag = models.CharField(
        _("tag"),
        max_length=MAX_TAG_LENGTH,
        blank=True,
        help_text=_("The tag to suggest. Empty: the name that stands in the text."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("known word")
        verbose_name_plural = _("known words")
        ordering: ClassVar = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.form = folded_form(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Names that can be found, and a name nobody else has."""
        self.clean_names()
        if Term.objects.exclude(pk=self.pk).filter(form=folded_form(self.name)).exists():
            raise ValidationError({"name": _("There is a known word of this name.")})

    def clean_names(self) -> None:
        """Names that can be found, and a tag that can be one."""
        for name in self.names():
            if not SHORTEST_FORM <= len(folded_form(name)) <= LONGEST_FORM:
                raise ValidationError(
                    _("“%(name)s” must have %(least)d to %(most)d characters."),
                    params={"name": name, "least": SHORTEST_FORM, "most": LONGEST_FORM},
                )
        if self.tag and not tag_key(self.tag):
            raise ValidationError({"tag": _("This cannot be a tag.")})

    def names(self) -> list[str]:
        """The name and the other names."""
        others = (line.strip() for line in self.aliases.splitlines())
        return [self.name, *(line for line in others if line)]


class TagAlias(models.Model):
    """Another name of a tag: whoever writes it gets the tag."""

    key = models.CharField(max_length=100, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=MAX_TAG_LENGTH)
    tag = models.ForeignKey(
        "community.Tag", on_delete=models.CASCADE, related_name="aliases", verbose_name=_("tag")
    )

    class Meta:
        verbose_name = _("other name of a tag")
        verbose_name_plural = _("other names of tags")
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return f"{self.name} → {self.tag_id}"


class TagBan(models.Model):
    """A tag that new notes cannot have and nobody is shown."""

    tag = models.OneToOneField(
        "community.Tag", on_delete=models.CASCADE, primary_key=True, related_name="ban"
    )
    reason = models.CharField(_("reason"), max_length=200)
    banned_at = models.DateTimeField(_("banned at"))
    banned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("banned tag")
        verbose_name_plural = _("banned tags")

    def __str__(self) -> str:
        return f"#{self.tag.name}: {self.reason}"


class RelatedTag(models.Model):
    """That two tags go together (community/text/cooccurrence.py); one row in each direction."""

    tag = models.ForeignKey("community.Tag", on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey("community.Tag", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    together = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tag", "other"], name="related_tag_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tag", "-score"], name="related_tag_by_score")]

    def __str__(self) -> str:
        return f"{self.tag_id} ~ {self.other_id}: {self.score:.2f}"
