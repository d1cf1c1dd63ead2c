"""Readers and publishers of learnt versions at once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.utils import timezone

from community.artefacts import registry, store
from community.artefacts.models import Artefact

NOW = timezone.now()


def keep(value):
    arrays = {"a": np.full(100, float(value)), "b": np.full(100, -float(value))}
    return store.save("factors", arrays=arrays, figures={}, trained_on={}, now=NOW)


def test_readers_see_one_whole_version_while_others_publish(at_once):
    versions = [keep(value) for value in range(1, 7)]

    def read():
        registry.forget()
        loaded = registry.in_force("factors")
        return 0 if loaded is None else float((loaded.arrays["a"] + loaded.arrays["b"]).sum())

    def publish(nth):
        at = NOW + timedelta(minutes=nth)
        return lambda: registry.publish(versions[nth], by=None, now=at).number

    calls = [read if nth % 4 else publish(nth // 4) for nth in range(24)]
    outcomes = at_once(calls, threads=6)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert {outcome for nth, outcome in enumerate(outcomes) if nth % 4} == {0}
    assert Artefact.objects.filter(state="in_force").count() == 1
    assert Artefact.objects.filter(state="retired").count() == 5


def test_trainings_that_end_at_once_get_numbers_of_their_own(at_once):
    outcomes = at_once([lambda: keep(1).number] * 12, threads=6)
    assert sorted(outcomes) == list(range(1, 13))
