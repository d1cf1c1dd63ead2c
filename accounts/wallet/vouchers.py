"""Vouchers: staff make them, people turn them into money, each person each code once."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate

from . import services
from .models import Entry, Voucher, VoucherBatch, VoucherUse

MAY_MAKE = "wallet.add_voucherbatch"
# 16 of 31 characters are 79 bits: as a digest nobody finds them by trying. No 0, O, 1, I, L.
LETTERS, LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 16
MOST_CODES, MOST_USES = 1_000, 1_000_000
TRIES = Rate.parse("20/10m")


class UnknownVoucher(Invalid):
    code = "unknown_voucher"
    message = _("There is no such voucher. Check the code.")


class VoucherOver(Conflict):
    code = "voucher_over"
    message = _("This voucher is no longer valid.")


class VoucherUsedUp(Conflict):
    code = "voucher_used_up"
    message = _("This voucher was used as often as it may be.")


class VoucherUsed(Conflict):
    code = "voucher_used"
    message = _("You have used this voucher already.")


# ---------------------------------------------------------------- staff
@transaction.atomic
def make_batch(
    *,
    by: User,
    key: str,
    name: str,
    amount: int,
    count: int,
    uses: int,
    expires_at: datetime,
    now: datetime,
) -> tuple[VoucherBatch, list[str]]:
    """The batch and its codes, which nobody can read again. Raises NotAllowed, Invalid, and
    KeyUsed where the form was sent before."""
    if not by.has_perm(MAY_MAKE):
        raise NotAllowed
    services.check_amount(amount)
    if not (0 < count <= MOST_CODES and 0 < uses <= MOST_USES):
        raise Invalid
    if expires_at <= now:
        raise Invalid(_("The end must be in the future."), field="expires_at")
    try:
        with transaction.atomic():
            batch = VoucherBatch.objects.create(
                key=key, name=name, amount=amount, uses=uses, expires_at=expires_at, made_by=by,
                made_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise services.KeyUsed(
            _("These vouchers were made already. Their codes are shown once only.")
        ) from None
    codes = ["".join(secrets.choice(LETTERS) for _n in range(LENGTH)) for _code in range(count)]
    Voucher.objects.bulk_create(
        Voucher(batch=batch, digest=digest_of(code), ending=code[-4:], uses=uses) for code in codes
    )
    return batch, [as_written(code) for code in codes]


def withdraw_batch(*, by: User, batch_id: int, now: datetime) -> bool:
    """No code of it is taken any more; False when that was so. Raises NotAllowed."""
    if not by.has_perm(MAY_MAKE):
        raise NotAllowed
    standing = VoucherBatch.objects.filter(pk=batch_id, withdrawn_at=None)
    return bool(standing.update(withdrawn_at=now))


# ---------------------------------------------------------------- people
def redeem(*, person: User, code: str, now: datetime) -> Entry:
    """Turn a code into money. Raises UnknownVoucher, VoucherOver, VoucherUsedUp, VoucherUsed,
    TooOften."""
    tried = take(scope="voucher", who=f"person {person.pk}", rate=TRIES)
    if not tried.allowed:
        raise TooOften(tried.retry_in)
    with transaction.atomic():
        return _redeem(person, digest_of(code), now)


def _redeem(person: User, digest: str, now: datetime) -> Entry:
    voucher = Voucher.objects.select_related("batch").filter(digest=digest).first()
    if voucher is None:
        raise UnknownVoucher(field="code")
    batch = voucher.batch
    if VoucherUse.objects.filter(voucher=voucher, person=person).exists():
        raise VoucherUsed
    if batch.withdrawn_at is not None or batch.expires_at <= now:
        raise VoucherOver
    if not Voucher.objects.filter(pk=voucher.pk, used__lt=F("uses")).update(used=F("used") + 1):
        raise VoucherUsedUp
    entry = services.top_up(
        person=person,
        amount=batch.amount,
        key=f"voucher:{voucher.pk}:{person.pk}",
        source="voucher",
        remark=str(voucher),
        now=now,
    )
    try:
        with transaction.atomic():
            VoucherUse.objects.create(voucher=voucher, person=person, entry=entry, at=now)
    except IntegrityError:  # another request of the same person was faster: all of this is undone
        raise VoucherUsed from None
    return entry


def digest_of(code: str) -> str:
    """What is kept of a code, however it was typed: also in the wide letters of Chinese input."""
    plain = unicodedata.normalize("NFKC", code)
    bare = "".join(letter for letter in plain.upper() if letter.isalnum())
    return sha256(f"rockpool voucher {bare}".encode()).hexdigest()


def as_written(code: str) -> str:
    """In fours, as people read it aloud."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))
