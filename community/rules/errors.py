"""What a rule says when it refuses a text."""

from __future__ import annotations

from accounts.errors import Invalid


class RefusedByRule(Invalid):
    """Not taken: the sentence says what was found and how to mend it."""

    code = "refused_by_rule"
