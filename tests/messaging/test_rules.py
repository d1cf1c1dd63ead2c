"""Who may write to whom, as a table."""

from __future__ import annotations

import pytest

from accounts.models import Profile
from community.messaging.rules import Allows, Standing, Verdict, may_write

D, R, X = Verdict.DIRECT, Verdict.REQUEST, Verdict.REFUSED


@pytest.mark.parametrize(
    ("allows", "followed", "accepted", "verdict"),
    [
        ("everyone", False, False, R),
        ("everyone", True, False, D),
        ("everyone", False, True, D),
        ("followed", False, False, X),
        ("followed", True, False, D),
        ("followed", False, True, D),
        ("nobody", False, False, X),
        ("nobody", True, False, X),
        ("nobody", False, True, D),
    ],
)
def test_the_receiver_chooses_who_may_begin(allows, followed, accepted, verdict):
    known = {"allows": allows, "followed": followed, "accepted": accepted}
    assert may_write(Standing(both_present=True, blocked=False, **known)) == verdict
    for away in (
        {"both_present": True, "blocked": True},
        {"both_present": False, "blocked": False},
    ):
        assert may_write(Standing(**away, **known)) == X


def test_where_no_stranger_may_write_a_request_is_refused_and_friends_are_not():
    known = {"both_present": True, "blocked": False, "strangers_allowed": False}
    assert may_write(Standing(accepted=False, followed=False, **known)) == X
    assert may_write(Standing(accepted=False, followed=True, **known)) == D
    assert may_write(Standing(accepted=True, followed=False, **known)) == D


def test_the_choices_are_those_of_the_profile():
    assert [choice.value for choice in Allows] == Profile.MayMessage.values
