"""A brand's page and the log of everything that was done to it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import MAX_LENGTH
from community.brands.links import LONGEST_LINK
from community.brands.rules import ABOUT_LENGTH, NAME_LENGTH
from community.models import Channel


class BrandQuerySet(models.QuerySet["Brand"]):
    def shown(self) -> Self:
        """What anybody may meet: all that staff did not suspend."""
        return self.filter(suspended_at=None)

    def of(self, person: User) -> Self:
        """Brands on whose team the person is."""
        return self.filter(members__person=person)


class Brand(models.Model):
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    # Its address for ever; compared as usernames are (accounts/names.py).
    slug = models.CharField(_("handle"), max_length=MAX_LENGTH, unique=True)
    slug_key = models.CharField(max_length=60, unique=True, editable=False)
    about = models.TextField(_("about"), max_length=ABOUT_LENGTH, blank=True)
    website = models.CharField(_("website"), max_length=LONGEST_LINK, blank=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Other names as typed; what is looked up are rows of CatalogueName.
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    created_at = models.DateTimeField(editable=False)
    # The badge is shown until then; None: never verified, or it ended.
    verified_until = models.DateTimeField(_("verified until"), null=True, editable=False)
    # When the team was told that this verification ends soon.
    warned_at = models.DateTimeField(null=True, editable=False)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, editable=False)
    suspended_why = models.CharField(max_length=300, blank=True, editable=False)

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        permissions: ClassVar = [("suspend_brand", "Can suspend and restore brands")]
        indexes: ClassVar = [models.Index(fields=["verified_until"], name="brand_verified")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("brand", args=[self.slug])

    @property
    def is_verified(self) -> bool:
        return self.is_verified_at(timezone.now())

    def is_verified_at(self, now: datetime) -> bool:
        return self.verified_until is not None and self.verified_until > now


class BrandLog(models.Model):
    """Who did what, and when. Rows are added, never changed or removed."""

    class Act(models.TextChoices):
        OPENED = "opened", _("opened the brand")
        EDITED = "edited", _("changed the page")
        INVITED = "invited", _("invited")
        UNINVITED = "uninvited", _("took an invitation back")
        JOINED = "joined", _("joined the team")
        DECLINED = "declined", _("declined an invitation")
        ROLE = "role", _("changed a role")
        LEFT = "left", _("left the team")
        REMOVED = "removed", _("removed from the team")
        APPLIED = "applied", _("applied for verification")
        APPROVED = "approved", _("approved the verification")
        REFUSED = "refused", _("refused the verification")
        UNVERIFIED = "unverified", _("the verification ended")
        SUSPENDED = "suspended", _("suspended the brand")
        RESTORED = "restored", _("restored the brand")
        PRODUCT = "product", _("added a product")
        CHANGED = "changed", _("changed a product")
        RETIRED = "retired", _("retired a product")
        RETURNED = "returned", _("offers a product again")
        IMPORTED = "imported", _("imported products")
        PICTURE = "picture", _("changed pictures")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="log")
    # Nobody: it happened by itself.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    act = models.CharField(max_length=12, choices=Act)
    # What it was done to: a name, a role, a reason.
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("line of the brand log")
        verbose_name_plural = _("brand log")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["brand", "-id"], name="brand_log")]

    def __str__(self) -> str:
        return f"{self.brand_id}: {self.act} {self.words}"
