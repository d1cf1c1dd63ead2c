"""One version of a kind is in force; bad ones never are, and going back goes back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.errors import Conflict
from community.artefacts import registry, store
from community.artefacts.models import Artefact

NOW = timezone.now()
State = Artefact.State
pytestmark = pytest.mark.django_db


def keep(value=1.0, kind="factors"):
    arrays = {"a": np.full(8, value)}
    return store.save(kind, arrays=arrays, figures={}, trained_on={}, now=NOW)


def publish(artefact, minutes):
    return registry.publish(
        artefact, by=None, remark="better", now=NOW + timedelta(minutes=minutes)
    )


def value_in_force():
    registry.forget()
    loaded = registry.in_force("factors")
    return None if loaded is None else float(loaded.arrays["a"][0])


def spoil(artefact):
    path = store.folder_of_models() / artefact.folder / "a.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 8
    path.write_bytes(data)


def states():
    return list(Artefact.objects.order_by("pk").values_list("state", flat=True))


def test_nothing_is_in_force_until_published():
    one = keep()
    assert value_in_force() is None
    publish(one, 1)
    assert value_in_force() == 1


def test_publishing_retires_the_former_and_publishing_again_changes_nothing():
    one, two = publish(keep(1), 1), publish(keep(2), 2)
    assert (value_in_force(), states()) == (2, [State.RETIRED, State.IN_FORCE])
    publish(two, 3)
    two.refresh_from_db()
    assert two.published_at == NOW + timedelta(minutes=2)
    publish(one, 4)
    assert (value_in_force(), states()) == (1, [State.IN_FORCE, State.RETIRED])


def test_the_same_version_is_loaded_once(django_assert_num_queries):
    publish(keep(), 1)
    registry.forget()
    loaded = registry.in_force("factors")
    with django_assert_num_queries(0):
        assert registry.in_force("factors") is loaded
    registry._known["factors"].until = 0
    with django_assert_num_queries(1):
        assert registry.in_force("factors") is loaded


def test_nothing_in_force_is_remembered_too(django_assert_num_queries):
    registry.in_force("factors")
    with django_assert_num_queries(0):
        assert registry.in_force("factors") is None


def test_a_corrupt_version_is_refused_and_the_one_before_is_back(caplog):
    publish(keep(1), 1)
    spoil(publish(keep(2), 2))
    store._verified.clear()
    assert value_in_force() == 1
    assert states() == [State.IN_FORCE, State.REFUSED]
    assert "checksum" in Artefact.objects.get(number=2).remark
    assert "Refused: factors 2" in caplog.text


def test_when_all_are_corrupt_there_is_none():
    for number in (1, 2, 3):
        spoil(publish(keep(number), number))
    assert value_in_force() is None
    assert states() == [State.REFUSED] * 3


def test_a_corrupt_version_is_not_published_and_the_old_stays():
    publish(keep(1), 1)
    two = keep(2)
    spoil(two)
    with pytest.raises(Conflict):
        publish(two, 2)
    assert value_in_force() == 1


def test_a_refused_version_is_not_published():
    one = keep()
    Artefact.objects.filter(pk=one.pk).update(state=State.REFUSED)
    with pytest.raises(Conflict):
        publish(one, 1)


def roll_back():
    return registry.roll_back("factors", by=None, remark="worse", now=NOW)


def test_taking_back_goes_one_version_back_each_time_and_then_to_none():
    for number in (1, 2, 3):
        publish(keep(number), number)
    assert roll_back().number == 2
    assert value_in_force() == 2
    assert roll_back().number == 1
    assert roll_back() is None
    assert value_in_force() is None
    assert roll_back() is None


def test_what_was_taken_back_does_not_return_by_taking_back_a_later_one():
    publish(keep(1), 1)
    publish(keep(2), 2)
    roll_back()
    publish(keep(3), 3)
    assert roll_back().number == 1


def test_what_was_taken_back_may_be_published_again():
    publish(keep(1), 1)
    two = publish(keep(2), 2)
    roll_back()
    publish(two, 3)
    assert value_in_force() == 2


def test_a_refused_training_leaves_the_old_in_force_and_says_why_once():
    publish(keep(1), 1)
    for minute in range(3):
        registry.refuse(
            "factors",
            reason="no data",
            trained_on={"rows": minute},
            now=NOW + timedelta(minutes=minute),
        )
    assert value_in_force() == 1
    [refused] = Artefact.objects.filter(state=State.REFUSED)
    assert (refused.remark, refused.trained_on) == ("no data", {"rows": 2})
    registry.refuse("factors", reason="NaN", trained_on={}, now=NOW)
    assert Artefact.objects.filter(state=State.REFUSED).count() == 2


def test_tidy_keeps_the_newest_what_is_in_force_and_what_it_would_go_back_to(settings):
    settings.MODELS_KEPT = 2
    publish(keep(1), 1)
    publish(keep(2), 2)
    for number in range(3, 8):
        keep(number)
    assert registry.tidy(now=NOW) == 3
    assert registry.tidy(now=NOW) == 0
    kept = Artefact.objects.exclude(folder="").order_by("pk").values_list("number", flat=True)
    assert list(kept) == [1, 2, 6, 7]
    assert len(list(store.folder_of_models().glob("factors/*"))) == 4
    with pytest.raises(Conflict):
        publish(Artefact.objects.get(number=4), 3)
    assert roll_back().number == 1


def test_readers_go_on_with_files_that_were_tidied_away(settings):
    settings.MODELS_KEPT = 0
    artefact = keep(5)
    loaded = store.load(artefact)
    registry.tidy(now=NOW)
    assert loaded.arrays["a"].sum() == 40


def test_old_rows_without_files_are_bounded(monkeypatch):
    monkeypatch.setattr(registry, "ROWS_KEPT", 3)
    for number in range(6):
        registry.refuse("factors", reason=f"no {number}", trained_on={}, now=NOW)
    registry.tidy(now=NOW)
    assert Artefact.objects.count() == 3
    assert keep().number == 7
