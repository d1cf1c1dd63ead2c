"""Where allauth asks Rockpool."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import User
from .names import name_key
from .validators import check_username_is_free_to_use


class RockpoolAccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A name that is allowed and does not look like somebody else's."""
        username = username.strip()
        check_username_is_free_to_use(username)
        if not shallow and User.objects.filter(username_key=name_key(username)).exists():
            raise ValidationError(_("Somebody already has this name. Try another."), code="taken")
        return username

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Nothing is logged of what was typed."""
