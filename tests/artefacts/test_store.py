"""Files of learnt versions: whole or not at all, never others than ours, never changed ones."""

from __future__ import annotations

import os
from datetime import timedelta

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from community.artefacts import registry, store
from community.artefacts.models import Artefact

NOW = timezone.now()
FACTORS = np.arange(12, dtype=np.float32).reshape(3, 4)


def keep(kind="factors", **given):
    given = {"arrays": {"notes": FACTORS}, "texts": {"names": "鱼\r\nfish"}} | given
    return store.save(kind, figures={"auc": 0.7}, trained_on={"rows": 3}, now=NOW, **given)


def paths(artefact):
    return sorted((store.folder_of_models() / artefact.folder).iterdir())


pytestmark = pytest.mark.django_db


def test_what_was_saved_is_loaded_memory_mapped_and_read_only():
    loaded = store.load(keep())
    assert np.array_equal(loaded.arrays["notes"], FACTORS)
    assert isinstance(loaded.arrays["notes"], np.memmap)
    with pytest.raises(ValueError):
        loaded.arrays["notes"][0, 0] = 1
    assert loaded.texts == {"names": "鱼\r\nfish"}
    assert (loaded.figures, loaded.trained_on) == ({"auc": 0.7}, {"rows": 3})


def test_versions_are_numbered_by_kind():
    assert [keep().number, keep().number, keep("ranker").number] == [1, 2, 1]


def test_files_lie_outside_the_media_and_are_their_owners_only():
    folder = store.folder_of_models() / keep().folder
    assert settings.MEDIA_ROOT not in folder.parents
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("which", [0, 1])
def test_a_single_changed_bit_is_refused(which):
    artefact = keep()
    path = paths(artefact)[which]
    for place in (0, path.stat().st_size // 2, path.stat().st_size - 1):
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)
        with pytest.raises(store.Corrupt, match="checksum"):
            store.load(artefact)
        data[place] ^= 1
        path.write_bytes(data)
    store.load(artefact)


def test_a_change_is_seen_by_a_process_that_checked_before():
    artefact = keep()
    store.load(artefact)
    path = paths(artefact)[1]
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(store.Corrupt):
        store.load(artefact)


def test_cut_short_missing_and_emptied_files_are_refused():
    artefact = keep()
    path = paths(artefact)[1]
    os.truncate(path, 5)
    with pytest.raises(store.Corrupt):
        store.load(artefact)
    path.unlink()
    with pytest.raises(store.Corrupt):
        store.load(artefact)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a.b", "x" * 61, "a\n", "a\0"])
def test_names_that_are_paths_are_refused(name):
    with pytest.raises(ValueError, match="not a name"):
        keep(arrays={name: FACTORS})
    with pytest.raises(ValueError, match="not a name"):
        keep(texts={name: ""})
    with pytest.raises(ValueError, match="not a kind"):
        keep(kind=f"{name}/..")
    assert not Artefact.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        {"folder": "../../etc"},
        {"folder": "factors/../../media"},
        {"checksums": {"../../../etc/passwd": "0"}},
        {"checksums": {"a/b.npy": "0"}},
        {"checksums": {"run.py": "0"}},
    ],
)
def test_a_poisoned_row_leads_to_no_other_file(row):
    artefact = keep()
    Artefact.objects.filter(pk=artefact.pk).update(**row)
    artefact.refresh_from_db()
    with pytest.raises(store.Corrupt, match="of ours"):
        store.load(artefact)


def test_arrays_of_objects_are_refused_and_nothing_is_left():
    with pytest.raises(ValueError, match="objects"):
        keep(arrays={"a": np.array([{}], dtype=object)})
    assert not Artefact.objects.exists()


def test_a_failure_while_writing_leaves_no_folder_and_no_row(monkeypatch):
    def full(*_given, **_named):
        raise OSError(28, "no space")

    monkeypatch.setattr(store.np, "save", full)
    with pytest.raises(OSError):
        keep()
    assert not Artefact.objects.exists()
    assert not list(store.folder_of_models().glob("*/*"))


def test_leftovers_are_cleared_after_a_day_and_known_folders_stay():
    artefact = keep()
    stray = store.folder_of_models() / "factors" / "0123456789abcdef"
    draft = store.folder_of_models() / "factors" / ".writing-0123"
    for folder in (stray, draft):
        folder.mkdir()
    assert registry.tidy(now=timezone.now()) == 0
    assert registry.tidy(now=timezone.now() + timedelta(days=2)) == 2
    assert registry.tidy(now=timezone.now() + timedelta(days=2)) == 0
    assert not stray.exists()
    store.load(artefact)


def test_what_is_built_of_a_version_is_built_once():
    loaded, calls = store.load(keep()), []
    for _ in range(3):
        assert loaded.once("sum", lambda one: calls.append(1) or one.arrays["notes"].sum()) == 66
    assert len(calls) == 1
