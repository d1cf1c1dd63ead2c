"""Who is asking: one query that brings the person and their profile."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from .models import User


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person with their profile joined, so that no page asks for it again."""
        person = User.objects.select_related("profile").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
