"""The desk of money: the ledger to look at, and what staff decide about it."""

from . import ledger, payments, transfers, vouchers

__all__ = ["ledger", "payments", "transfers", "vouchers"]
