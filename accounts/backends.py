"""Who is asking: one query, composed once, that brings the person and their profile."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db import router

from .models import Profile, User
from .prepared import Prepared

OF_USER = tuple(field.attname for field in User._meta.concrete_fields)
OF_PROFILE = tuple(field.attname for field in Profile._meta.concrete_fields)
ROW = Prepared(
    lambda pk: User.objects.filter(pk=pk).values_list(
        *OF_USER, *(f"profile__{name}" for name in OF_PROFILE)
    ),
    int,
)


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person with their profile joined, so that no page asks for it again."""
        row = ROW.first(user_id)
        if row is None:
            return None
        database = router.db_for_read(User)
        person = User.from_db(database, OF_USER, row[: len(OF_USER)])
        profile = Profile.from_db(database, OF_PROFILE, row[len(OF_USER) :])
        if profile.pk is not None:
            profile.person = person
            person._state.fields_cache["profile"] = profile
        return person if self.user_can_authenticate(person) else None
