"""Double entry: an entry takes from one account exactly what it gives to another.

Amounts are whole minor units. Entries are appended and never changed; what is wrong is put right
by another entry.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# The largest amount of one move, and how much can stand in one account: far from what any
# community has, and 64 bits hold their sums.
MOST, FULL = 10**15, 10**18


class Account(models.Model):
    """Where money stands. Its balance is the sum of its entries (accounts/wallet/audit.py)."""

    class Kind(models.TextChoices):
        # What came into the community is missing here: the sum of all accounts is zero.
        OUTSIDE = "outside", _("Outside")
        WALLET = "wallet", _("Wallet")
        HELD = "held", _("Held")
        EARNED = "earned", _("Earned")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    # Nobody: an account of the community.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="money"
    )
    balance = models.BigIntegerField(_("balance"), default=0)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "person"], name="one_account_each"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(person=None), name="one_account_of_the_community"
            ),
            models.CheckConstraint(
                condition=Q(kind="outside") | Q(balance__gte=0), name="nothing_is_overdrawn"
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=-FULL, balance__lte=FULL), name="account_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person or ''}".strip()

    @property
    def is_outside(self) -> bool:
        return self.kind == self.Kind.OUTSIDE


class Hold(models.Model):
    """Money set aside for one purpose: earned bit by bit, and the rest released."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holds"
    )
    key = models.CharField(max_length=80, unique=True)
    about = models.CharField(_("for"), max_length=80)
    amount = models.BigIntegerField(_("held"))
    earned = models.BigIntegerField(_("earned"), default=0)
    released = models.BigIntegerField(_("given back"), default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, earned__gte=0, released__gte=0)
                & Q(amount__gte=F("earned") + F("released")),
                name="hold_gives_what_it_has",
            ),
            models.CheckConstraint(condition=Q(amount__lte=MOST), name="hold_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.amount}"

    @property
    def left(self) -> int:
        return self.amount - self.earned - self.released


class AppendedQuerySet(models.QuerySet["Entry"]):
    """Rows are read and added. The database refuses the rest too (append_only.py)."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries are appended, never changed or removed.")

    update = bulk_update = update_or_create = _raw_delete = _refuse

    def delete(self) -> NoReturn:
        self._refuse()

    def of(self, person: Any) -> Self:
        """What moved in a person's accounts."""
        accounts = list(Account.objects.filter(person=person).values_list("pk", flat=True))
        return self.filter(Q(taken_from__in=accounts) | Q(given_to__in=accounts))

    # As of Django's own: not offered by the manager, where it would mean every row.
    delete.queryset_only = True  # type: ignore[attr-defined]


class Entry(models.Model):
    """One move of money. The key makes it happen once."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Top-up")
        HOLD = "hold", _("Held")
        EARN = "earn", _("Earned")
        RELEASE = "release", _("Given back")
        PAY_OUT = "pay_out", _("Paid out")

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    taken_from = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="taken")
    given_to = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="given")
    amount = models.BigIntegerField(_("amount"))
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="entries")
    # Of a top-up: how the money came.
    source = models.CharField(_("source"), max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"))

    objects = AppendedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_of_something"),
            models.CheckConstraint(condition=Q(amount__lte=MOST), name="entry_within_bounds"),
            models.CheckConstraint(
                condition=~Q(taken_from=F("given_to")), name="entry_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Entries are appended, never changed or removed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Entries are appended, never changed or removed.")
