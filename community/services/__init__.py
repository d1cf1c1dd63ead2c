"""Every write of this room, one verb per function.

Keyword-only arguments; the acting person is passed in; each function holds its transaction and
raises a DomainError (accounts/errors.py) when it refuses.
"""
