"""What the ledger knows of a person. Amounts are minor units of the community's currency."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import AT_ONCE, Column, Row, Section, register, tell

from .models import Entry, Hold, Payment, Transfer, VoucherUse
from .statement import lines_of, statement_of

MINOR = "in minor units"


def _statement(person: User) -> Iterator[Row]:
    """As the wallet's page tells it, oldest first."""
    entries, last = statement_of(person).order_by("pk"), 0
    while page := list(entries.filter(pk__gt=last)[:AT_ONCE]):
        for line in lines_of(person, page):
            yield _line(line.entry, str(line.purpose.text), line.free, line.held)
        last = page[-1].pk


def _line(entry: Entry, purpose: str, free: int, held: int) -> Row:
    return {
        "entry": entry.pk,
        "kind": entry.kind,
        "for": purpose,
        "free": free,
        "held": held,
        "remark": entry.remark,
        "at": entry.at,
    }


register(
    Section(
        "wallet",
        _("What moved in your wallet."),
        {
            "entry": "number of the entry in the ledger",
            "kind": "top_up, hold, earn, release or pay_out",
            "for": "what it was for, in words",
            "free": f"by how much it changed what you may spend, {MINOR}",
            "held": f"by how much it changed what is set aside, {MINOR}",
            "remark": "what staff wrote",
            "at": WHEN,
        },
        _statement,
        ("wallet.Account", "wallet.Entry"),
    )
)
tell(
    "holds",
    _("Money that was set aside for something you ordered."),
    models=["wallet.Hold"],
    source=lambda person: Hold.objects.filter(person=person),
    columns={
        "about": Column("about", "what for"),
        "amount": Column("amount", MINOR),
        "earned": Column("earned", f"what of it was used, {MINOR}"),
        "released": Column("released", f"what of it was given back, {MINOR}"),
        "at": Column("at", WHEN),
    },
)
tell(
    "payments",
    _("Payments that you began at a gateway."),
    models=["wallet.Payment"],
    source=lambda person: Payment.objects.filter(person=person),
    columns={
        "provider": Column("provider", "the gateway"),
        "amount": Column("amount", MINOR),
        "currency": Column("currency", "ISO 4217"),
        "state": Column("state", "open, paid or failed"),
        "reference": Column("reference", "the gateway's own number"),
        "begun_at": Column("begun_at", WHEN),
        "told_at": Column("told_at", "when the gateway said so"),
    },
)
tell(
    "transfers",
    _("Bank transfers that you told of."),
    models=["wallet.Transfer"],
    source=lambda person: Transfer.objects.filter(person=person),
    columns={
        "amount": Column("amount", MINOR),
        "reference": Column("reference", "what stands on the bank's statement"),
        "state": Column("state", "waiting, confirmed or refused"),
        "reason": Column("reason", "why it was refused"),
        "asked_at": Column("asked_at", WHEN),
        "decided_at": Column("decided_at", WHEN),
    },
)
tell(
    "vouchers",
    _("Vouchers that you used."),
    models=["wallet.VoucherUse"],
    source=lambda person: VoucherUse.objects.filter(person=person),
    columns={
        "ends_in": Column("voucher__ending", "last characters of the voucher"),
        "amount": Column("entry__amount", MINOR),
        "at": Column("at", WHEN),
    },
)
