"""The badge: applied for with documents, decided by staff, ended by time."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.brands import documents, keeping, verification
from community.brands.models import Document, Verification
from community.notifications.models import Notification

NOW = timezone.now()
PDF = b"%PDF-1.7\nhello\n%%EOF\n"


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def applied(kiln, alice, *files, now=NOW):
    files = files or ((PDF, "licence.pdf"),)
    return verification.apply(
        actor=alice,
        slug=kiln.slug,
        words="Our licence",
        files=[(io.BytesIO(raw), name) for raw, name in files],
        now=now,
    )


@pytest.fixture
def staff(make_person):
    person = make_person("keeper")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


def kept_files(settings):
    return [path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]


def test_documents_are_kept_outside_of_what_is_served_and_named_for_nobody(kiln, alice, settings):
    row = applied(kiln, alice, (PDF, "licence.pdf"), (picture("PNG"), "../../seal.png"))
    assert [(d.kind, d.name) for d in row.documents.all()] == [
        ("pdf", "licence.pdf"), ("png", "../../seal.png"),
    ]  # fmt: skip
    files = kept_files(settings)
    assert {path.name for path in files} == {d.token for d in row.documents.all()}
    assert not any(settings.MEDIA_ROOT in path.parents for path in files)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"<html>", "wrong_type"), (b"%PDF-1.7 cut off", "truncated"), (b"", "wrong_type"),
        (picture("GIF"), "wrong_type"), (b"PK\x03\x04", "wrong_type"),
        (picture("PNG")[:20], "wrong_type"), (PDF + b"x" * documents.LARGEST, "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_by_what_it_holds(kiln, alice, settings, raw, code):
    with pytest.raises(Invalid) as refused:
        applied(kiln, alice, (PDF, "good.pdf"), (raw, "licence.pdf"))
    assert refused.value.kind == code
    assert kept_files(settings) == []
    assert not Verification.objects.exists()


@pytest.mark.parametrize("count", [0, 6])
def test_between_one_and_five_documents_are_sent(kiln, alice, count, settings):
    files = [(io.BytesIO(PDF), "a.pdf")] * count
    with pytest.raises(Invalid, match="between one and 5"):
        verification.apply(actor=alice, slug=kiln.slug, words="", files=files, now=NOW)
    assert kept_files(settings) == []


def test_one_application_waits_at_a_time(kiln, alice):
    applied(kiln, alice)
    with pytest.raises(Conflict, match="waits"):
        applied(kiln, alice)


def test_approval_gives_the_badge_for_a_year_and_deletes_the_documents(
    kiln, alice, staff, settings, client, django_capture_on_commit_callbacks
):
    row = applied(kiln, alice)
    with django_capture_on_commit_callbacks(execute=True):
        verification.approve(by=staff, verification_id=row.pk, now=NOW)
    kiln.refresh_from_db()
    assert kiln.verified_until == NOW + timedelta(days=365)
    assert kept_files(settings) == []
    assert Document.objects.get().deleted_at == NOW
    assert "Verified brand" in client.get(f"/brands/{kiln.slug}/").content.decode()
    assert Notification.objects.filter(person=alice, words__contains="verified until").exists()
    for act in (verification.approve, verification.refuse):
        with pytest.raises(Conflict):
            act(by=staff, verification_id=row.pk, reason="Twice", now=NOW)


def test_refusal_needs_words_and_they_are_told(kiln, alice, staff):
    row = applied(kiln, alice)
    with pytest.raises(Invalid):
        verification.refuse(by=staff, verification_id=row.pk, reason=" ", now=NOW)
    verification.refuse(by=staff, verification_id=row.pk, reason="Unreadable", now=NOW)
    kiln.refresh_from_db()
    assert kiln.verified_until is None
    assert Notification.objects.get(person=alice).words.endswith("Unreadable")
    assert applied(kiln, alice).state == "waiting"


def test_nobody_but_staff_decides_or_opens_documents(kiln, alice, bob, staff, client):
    row = applied(kiln, alice)
    document = row.documents.get()
    for person in (alice, bob):
        with pytest.raises(NotAllowed):
            verification.approve(by=person, verification_id=row.pk, now=NOW)
        with pytest.raises(NotAllowed):
            verification.document_for(person, document.pk)
    address = f"/admin/brands/verification/documents/{document.pk}/"
    for person in (alice, bob, None):
        client.logout()
        if person is not None:
            client.force_login(person, backend="accounts.backends.PersonBackend")
        assert client.get(address).status_code in (302, 403, 404)
    client.force_login(staff, backend="accounts.backends.PersonBackend")
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


def test_the_team_sees_that_they_were_sent_and_no_way_to_them(kiln, alice, client):
    row = applied(kiln, alice)
    client.force_login(alice)
    page = client.get(f"/my/brands/{kiln.slug}/verification/").content.decode()
    assert "licence.pdf" in page
    assert row.documents.get().token not in page
    assert "/documents/" not in page


def test_by_page_an_owner_applies(kiln, alice, client):
    client.force_login(alice)
    address = f"/my/brands/{kiln.slug}/verification/"
    assert client.post(address, {"words": "x"}).status_code == 400
    file = SimpleUploadedFile("licence.pdf", PDF)
    assert client.post(address, {"words": "x", "documents": [file]}).status_code == 303
    assert Document.objects.get().kind == "pdf"


# ---------------------------------------------------------------- by itself
def test_the_end_is_told_before_and_at_the_time_each_once(
    kiln, alice, staff, django_capture_on_commit_callbacks
):
    row = applied(kiln, alice)
    with django_capture_on_commit_callbacks(execute=True):
        verification.approve(by=staff, verification_id=row.pk, now=NOW)
    told = Notification.objects.filter(person=alice, kind="brand")
    before = told.count()
    assert keeping.keep(now=NOW + timedelta(days=300)) == 0
    soon = NOW + timedelta(days=352)
    assert [keeping.keep(now=soon), keeping.keep(now=soon)] == [1, 0]
    kiln.refresh_from_db()
    assert kiln.is_verified_at(soon)
    end = NOW + timedelta(days=365)
    assert not kiln.is_verified_at(end)
    assert [keeping.keep(now=end), keeping.keep(now=end)] == [1, 0]
    assert told.count() == before + 2
    line = kiln.log.first()
    assert (line.act, line.actor) == ("unverified", None)


def test_renewed_in_time_it_neither_ends_nor_is_it_warned_of(kiln, alice, staff):
    first = applied(kiln, alice)
    verification.approve(by=staff, verification_id=first.pk, now=NOW)
    later = NOW + timedelta(days=360)
    second = applied(kiln, alice, now=later)
    verification.approve(by=staff, verification_id=second.pk, now=later)
    assert keeping.end(now=NOW + timedelta(days=366)) == 0
    assert keeping.warn(now=NOW + timedelta(days=366)) == 0


def test_old_documents_and_stray_files_are_deleted(
    kiln, alice, settings, django_capture_on_commit_callbacks
):
    row = applied(kiln, alice)
    stray = documents.path_of("straytoken")
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(PDF)
    assert keeping.forget_documents(now=timezone.now()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.forget_documents(now=timezone.now() + timedelta(days=31)) == 2
    assert kept_files(settings) == []
    assert row.documents.get().deleted_at is not None
    assert keeping.forget_documents(now=timezone.now() + timedelta(days=31)) == 0
    alice.is_superuser = True
    with pytest.raises(NotFound):
        verification.document_for(alice, row.documents.get().pk)
