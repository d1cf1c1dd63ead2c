"""What nothing names any more leaves the store, however often it refuses."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.file_store import StoreAway, StoredPath, media_root
from accounts.models import User
from community import forgotten_files
from community.models import NoteImage
from community.operations import work_checks
from community.outbox import jobs
from community.outbox.models import Job
from community.services.pictures import forget_picture, renditions_path, upload_path

from .test_leaving import go

pytestmark = pytest.mark.django_db
KIND = forgotten_files.KIND


class Store:
    """What a store holds by name, and whether it takes removals."""

    def __init__(self):
        self.held: set[str] = set()
        self.refuses = False

    def remove(self, path, folder):
        if self.refuses:
            raise StoreAway("AccessDenied")
        gone = {n for n in self.held if n == path.key or (folder and n.startswith(f"{path.key}/"))}
        self.held -= gone


@pytest.fixture
def store(settings, monkeypatch):
    store = Store()
    backend = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"media": backend, "private": backend}
    monkeypatch.setattr(StoredPath, "remove", lambda path, *, folder: store.remove(path, folder))
    assert isinstance(media_root(), StoredPath)
    return store


def work_at(moment=None):
    """Do what is due, at some later time."""
    if moment is not None:
        Job.objects.filter(kind=KIND, run_at__lte=moment).update(run_at=timezone.now())
    while jobs.work_off("media"):
        pass


def keep_a_picture(store, note):
    """A picture's row, and its files in the store."""
    image = NoteImage.objects.create(
        note=note, position=0, token="t" * 22, created_at=timezone.now()
    )
    names = [upload_path(image.token).key, (renditions_path(image.token) / "640.avif").key]
    store.held |= set(names)
    return names


def test_nothing_of_somebody_who_left_stays_in_a_store_that_refused(alice, make_note, store):
    names = keep_a_picture(store, make_note(alice))
    avatar = (media_root() / "avatars/abc" / "96.avif").key
    store.held |= {avatar, "notes/zz/somebody-elses/640.avif"}
    alice.profile.avatar = "avatars/abc"
    alice.profile.save()
    store.refuses = True
    now = timezone.now()
    go(alice)
    assert not User.objects.filter(username="alice").exists()
    work_at()
    assert set(names) < store.held
    (found,) = [f for f in work_checks.jobs(now) if f.name == "files"]
    assert found.said.startswith("5 that nothing names")
    # Again and again, with longer and longer pauses, and never set aside.
    for _ in range(9):
        work_at(now + timedelta(days=30))
    assert set(Job.objects.filter(kind=KIND).values_list("state", flat=True)) == {"ready"}
    longest = max(Job.objects.filter(kind=KIND).values_list("run_at", flat=True)) - timezone.now()
    assert timedelta(hours=2) < longest <= forgotten_files.LONGEST_PAUSE
    store.refuses = False
    work_at(now + timedelta(days=30))
    assert store.held == {"notes/zz/somebody-elses/640.avif"}
    assert not Job.objects.filter(kind=KIND).exists()
    assert not [f for f in work_checks.jobs(now) if f.name == "files"]


def test_a_removal_that_is_made_twice_removes_nothing_else(store):
    store.held = {"a/1.avif", "a/2.avif", "ab/1.avif"}
    arguments = {"alias": "media", "name": "a", "folder": True}
    for _again in range(2):
        jobs.HANDLERS[KIND].run(**arguments)
        assert store.held == {"ab/1.avif"}
    assert not Job.objects.filter(kind=KIND).exists()


def test_a_deletion_that_is_taken_back_removes_nothing(alice, make_note, store):
    names = keep_a_picture(store, make_note(alice))
    with transaction.atomic():
        forget_picture(NoteImage.objects.get(token="t" * 22))
        transaction.set_rollback(True)
    work_at()
    assert set(names) == store.held


def test_a_deletion_asks_the_store_for_nothing(alice, make_note, store, monkeypatch):
    """The page does not wait for it; a worker does."""
    names = keep_a_picture(store, make_note(alice))
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(StoredPath, "_ask", lambda path, question: asked.append(path))
        forget_picture(NoteImage.objects.get(token="t" * 22))
    assert (asked, store.held) == ([], set(names))
    work_at()
    assert store.held == set()


def test_files_in_folders_go_at_commit_and_need_no_job(alice, make_note, settings):
    image = NoteImage.objects.create(
        note=make_note(alice), position=0, token="t" * 22, created_at=timezone.now()
    )
    folder = renditions_path(image.token)
    folder.mkdir(parents=True)
    (folder / "640.avif").write_bytes(b"picture")
    forget_picture(image)
    assert not folder.exists()
    assert not Job.objects.filter(kind=KIND).exists()


def test_what_was_refused_in_an_answer_that_says_success_is_seen(monkeypatch):
    """S3 lists what it did not remove among many, and is content."""
    listed = SimpleNamespace(delete=lambda: [{"Errors": [{"Code": "AccessDenied"}]}])
    monkeypatch.setattr(StoredPath, "_listed", lambda path: listed)
    monkeypatch.setattr(StoredPath, "_ask", lambda path, question: question())
    with pytest.raises(StoreAway, match="AccessDenied"):
        StoredPath("media", "notes/ab/abc").remove(folder=True)
    listed.delete = lambda: [{"Deleted": [{"Key": "notes/ab/abc/640.avif"}]}]
    StoredPath("media", "notes/ab/abc").remove(folder=True)
