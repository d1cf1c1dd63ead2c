"""The policy refuses what makes no sense, naming every setting at once."""

import math
from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feeds import policies
from feeds.models import EnginePolicy
from feeds.policy import Policy, PolicyError, Pools
from feeds.pools import PoolStats, judge, most_time, usual_rate


def test_the_default_survives_a_round_trip():
    assert Policy.from_dict(Policy().to_dict()) == Policy()


def test_missing_settings_keep_their_default():
    policy = Policy.from_dict({"pools": {"wilson_z": 1.64}})
    assert policy.pools.wilson_z == 1.64
    assert policy.pools.ladder == Policy().pools.ladder


@pytest.mark.parametrize(
    ("values", "setting"),
    [
        ([], "policy"),
        ({"pols": {}}, "pols"),
        ({"pools": []}, "pools"),
        ({"pools": {"wilson_z": "much"}}, "pools.wilson_z"),
        ({"pools": {"wilson_z": True}}, "pools.wilson_z"),
        ({"pools": {"wilson_z": math.nan}}, "pools.wilson_z"),
        ({"pools": {"slot_every": 1}}, "pools.slot_every"),
        ({"pools": {"slot_every": 2.5}}, "pools.slot_every"),
        ({"pools": {"ladder": []}}, "pools.ladder"),
        ({"pools": {"ladder": [{"name": "P0", "base": -1}]}}, "pools.ladder"),
        (
            {"pools": {"ladder": [{"name": "P0", "base": 9}, {"name": "P0", "base": 9}]}},
            "pools.ladder",
        ),
        ({"pools": {"ladder": [{"name": "P0", "base": "x"}]}}, "pools.ladder[0].base"),
        ({"nearby": {"bands_km": [5, 1]}}, "nearby.bands_km"),
        ({"hot": {"gravity": 0}}, "hot.gravity"),
        ({"pools": {"slot_every": 10**400}}, "pools.slot_every"),
        ({"pools": {"slot_every": math.inf}}, "pools.slot_every"),
        ({"pools": {"make_good_hours": 10**8}}, "pools.make_good_hours"),
        ({"pools": {"make_good_hours": -1}}, "pools.make_good_hours"),
        ({"pools": {"prior_notes": -5}}, "pools.prior_notes"),
        ({"pools": {"admit_days": -1}}, "pools.admit_days"),
        ({"pools": {"ladder": [{"name": "P0"}]}}, "pools.ladder[0].base: is missing"),
        ({"pools": {"ladder": [{"base": 5}]}}, "pools.ladder[0].name: is missing"),
        ({"pools": {"ladder": [{"name": "P0", "base": 9, "hours": 10**6}]}}, "pools.ladder[0]"),
        ({"pools": {"ladder": [{"name": "P0", "base": 10**30}]}}, "pools.ladder[0].base"),
        ({"engagement": {"like": -1}}, "engagement.like"),
        ({"discover": {"active_days": 10**6}}, "discover.active_days"),
    ],
)
def test_a_bad_policy_is_refused_naming_the_setting(values, setting):
    with pytest.raises(PolicyError) as refused:
        Policy.from_dict(values)
    assert any(problem.startswith(setting) for problem in refused.value.problems)


@pytest.mark.django_db
def test_publishing_makes_a_numbered_version_that_holds_at_once(
    alice, django_capture_on_commit_callbacks
):
    assert policies.current()[0] == 0
    with django_capture_on_commit_callbacks(execute=True):
        version = policies.publish(values={"hot": {"gravity": 2}}, by=alice, remark="calmer")
    assert policies.current() == (version.pk, Policy.from_dict({"hot": {"gravity": 2}}))


@given(st.floats(allow_nan=True) | st.integers(-(10**20), 10**20), st.data())
def test_whatever_is_accepted_the_pools_can_reckon_with(number, data):
    name = data.draw(st.sampled_from([field.name for field in fields(Pools)]))
    section = {"hours": number, "base": 100, "name": "P0"} if name == "ladder" else number
    values = {"pools": {name: [section] if name == "ladder" else section}}
    try:
        rules = Policy.from_dict(values).pools
    except PolicyError:
        return
    timezone.now() - most_time(0, rules)
    timezone.now() + timedelta(hours=rules.second_look_hours, days=rules.admit_days)
    for records in ([], [0.1] * 5):
        usual = usual_rate(records, rules)
        for delivered in (0, 10, 150):
            judge(0, PoolStats(100, delivered, 3.0), timedelta(hours=100), usual, rules)


@pytest.mark.django_db
def test_a_stored_version_that_does_not_read_leaves_the_one_before_it_in_force(caplog):
    """As during an upgrade, when a newer release wrote it, or after one that refuses more."""
    good = EnginePolicy.objects.create(
        values={"hot": {"gravity": 2, "of next year": 1}}, published_at=timezone.now()
    )
    EnginePolicy.objects.create(
        values={"pools": {"make_good_hours": 10**13}}, published_at=timezone.now()
    )
    assert policies.current() == (good.pk, Policy.from_dict({"hot": {"gravity": 2}}))
    assert "pools.make_good_hours" in caplog.text


@pytest.mark.django_db
def test_the_desk_shows_such_a_version_and_refuses_to_put_it_in_force_again(admin_client):
    bad = EnginePolicy.objects.create(
        values={"pools": {"make_good_hours": 10**13}}, published_at=timezone.now()
    )
    page = f"/admin/feeds/enginepolicy/{bad.pk}/change/"
    assert "pools.make_good_hours" in admin_client.get(page).content.decode()
    again = admin_client.post(f"/admin/feeds/enginepolicy/{bad.pk}/again/", follow=True)
    assert "pools.make_good_hours" in again.content.decode()
    assert EnginePolicy.objects.get() == bad
