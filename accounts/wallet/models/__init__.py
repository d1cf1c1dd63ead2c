"""Rows of money: the ledger itself, and the ways in which money comes in."""

from .ledger import FULL, MOST, Account, Entry, Hold
from .payments import Payment
from .transfers import Transfer
from .vouchers import Voucher, VoucherBatch, VoucherUse

__all__ = [
    "FULL",
    "MOST",
    "Account",
    "Entry",
    "Hold",
    "Payment",
    "Transfer",
    "Voucher",
    "VoucherBatch",
    "VoucherUse",
]
