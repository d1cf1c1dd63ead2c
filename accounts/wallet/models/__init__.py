"""Rows of money: the ledger itself, and the ways in which money comes in."""

from .ledger import FULL, MOST, Account, Entry, Hold

__all__ = ["FULL", "MOST", "Account", "Entry", "Hold"]
