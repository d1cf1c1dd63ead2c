"""Choosing several rows, by numbers that some row may have: others are refused as unknown ones are.

Django hands whatever number is sent to the database, which fails over more digits than it keeps.
"""

from __future__ import annotations

from typing import Any

from django import forms

# Of the largest number that every database keeps.
MOST_DIGITS = 18


class Several(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for number in value if isinstance(value, (list, tuple)) else ():
            if str(number).lstrip("+-").isdecimal() and len(str(number)) > MOST_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(number)[:MOST_DIGITS]},
                )
        return super().clean(value)


class ChoosesSeveral:
    """For an admin whose rows have several of something."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", Several)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
