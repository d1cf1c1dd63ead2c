"""Words between people: one to one, and in small groups.

Who may write to whom is decided in rules.py; what a person reads of a conversation, in one
QuerySet (docs/decisions/0035-messages.md).
"""
