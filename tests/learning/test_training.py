"""From rows to a version in force, and back to what was in force when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from feeds import tasks
from feeds.learning import standing, training
from feeds.models import Event, LiveNote

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def states():
    return sorted(Artefact.objects.values_list("kind", "number", "state"))


def test_all_three_are_learnt_and_in_force(two_groups_of_people):
    outcomes = training.train(now=NOW)
    assert [(o.kind, o.refused) for o in outcomes] == [
        ("similar", ""), ("factors", ""), ("cold", ""),
    ]  # fmt: skip
    assert states() == [(kind, 1, "in_force") for kind in ("cold", "factors", "similar")]
    assert Artefact.objects.get(kind="cold").trained_on["factors"] == 1
    assert Artefact.objects.get(kind="similar").trained_on["people"] == 20
    assert standing.neighbours() is not None
    assert standing.predictions() is not None


def test_a_community_without_behaviour_refuses_twice_in_one_row(db):
    for _ in range(2):
        assert {o.refused for o in training.train(now=NOW)} == {
            "there is no behaviour", "no factors are in force",
        }  # fmt: skip
    assert states() == [(kind, 1, "refused") for kind in ("cold", "factors", "similar")]
    assert standing.neighbours() is standing.factors() is standing.predictions() is None


@pytest.mark.parametrize("left", ["nobody", "one person", "one note"])
def test_a_refused_training_leaves_the_old_in_force(two_groups_of_people, left):
    people, notes = two_groups_of_people
    training.train(now=NOW)
    kept = {"nobody": [], "one person": people[:1], "one note": people}[left]
    Event.objects.exclude(person__in=kept).delete()
    if left == "one note":
        LiveNote.objects.exclude(note=notes[0]).delete()
    outcomes = training.train(("similar", "factors"), now=NOW + timedelta(hours=7))
    assert all(outcome.refused for outcome in outcomes)
    registry.forget()
    assert registry.in_force("similar").number == 1
    assert registry.in_force("factors").number == 1


def test_a_dry_run_keeps_nothing(two_groups_of_people):
    outcomes = training.train(("similar", "factors"), now=NOW, dry_run=True)
    assert all(outcome.figures["recall@20"] > 0 for outcome in outcomes)
    assert not Artefact.objects.exists()


def test_predictions_of_other_factors_are_not_used_and_learnt_again(two_groups_of_people):
    training.train(now=NOW)
    training.train(("factors",), now=NOW)
    assert standing.predictions() is None
    assert training.due(now=NOW) == ["cold"]
    training.train(("cold",), now=NOW)
    assert standing.predictions() is not None
    assert training.due(now=NOW) == []


def test_the_clock_trains_once_and_again_when_it_is_time(two_groups_of_people):
    assert tasks.learn_from_behaviour.once() == "similar 1; factors 1; cold 1"
    assert tasks.learn_from_behaviour.once() == ""
    Artefact.objects.update(trained_at=NOW - timedelta(hours=7))
    assert tasks.learn_from_behaviour.once() == "similar 2; factors 2; cold 2"
    assert Artefact.objects.filter(state="in_force").count() == 3


def test_a_corrupt_version_gives_way_to_the_one_before(two_groups_of_people):
    training.train(now=NOW)
    training.train(("similar",), now=NOW + timedelta(hours=7))
    two = Artefact.objects.get(kind="similar", number=2)
    path = store.folder_of_models() / two.folder / "found.npy"
    path.write_bytes(path.read_bytes()[:-4] + b"\xff\xff\xff\x7f")
    registry.forget()
    assert standing.neighbours() is not None
    assert registry.in_force("similar").number == 1
    two.refresh_from_db()
    assert two.state == "refused"


def test_the_command_tells_figures_and_refusals(two_groups_of_people):
    said = StringIO()
    call_command("train", "all", stdout=said)
    assert "similar 1: good enough" in said.getvalue()
    assert '"recall@20"' in said.getvalue()
    Event.objects.all().delete()
    with pytest.raises(CommandError, match="Refused: similar"):
        call_command("train", "similar", "--dry-run", stdout=said)
    assert "there is no behaviour" in said.getvalue()
