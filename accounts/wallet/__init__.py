"""The ledger: every unit of money stands in one account, and moves from one to another."""
