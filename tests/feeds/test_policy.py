"""The policy refuses what makes no sense, naming every setting at once."""

import math

import pytest

from feeds import policies
from feeds.policy import Policy, PolicyError


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
