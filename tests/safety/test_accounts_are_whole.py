"""An account is there with its profile, or not at all, however it is opened."""

import pytest

from accounts.models import Profile, User

pytestmark = pytest.mark.django_db


def test_who_cannot_be_given_a_profile_has_no_account(monkeypatch):
    def killed(**facts):
        raise SystemExit

    monkeypatch.setattr(Profile.objects, "get_or_create", killed)
    with pytest.raises(SystemExit):
        User.objects.create_user("half", "half@example.org", "tide-and-rock-9")
    assert not User.objects.filter(username="half").exists()
