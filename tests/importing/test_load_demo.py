from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from accounts.models import User
from community import demo_loading as loading
from community.brands.models import Brand, Picture
from community.demo import demo_lines, pictures
from community.models import Note, NoteImage
from community.outbox import jobs
from community.outbox.models import Job
from community.services.kept_pictures import folder_of


@pytest.fixture
def load_demo(db, settings, tmp_path, monkeypatch, capsys):
    """The command without its drawing processes; what it printed."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(loading, "paint", lambda *, budget: None)

    def run():
        call_command("load_demo")
        return capsys.readouterr()

    return run


def test_the_demo_loads_whole_and_twice_is_once(load_demo, settings):
    said = load_demo()
    assert said.err == ""
    notes = sum(line["type"] == "note" for line in demo_lines())
    assert Note.objects.published().count() == notes >= 120
    assert User.objects.count() == sum(line["type"] == "person" for line in demo_lines()) + 1
    logins = (settings.DATA_DIR / "demo_logins.txt").read_text().splitlines()
    assert len(logins) == 4
    before = (Note.objects.count(), NoteImage.objects.count(), User.objects.count())
    load_demo()
    assert (Note.objects.count(), NoteImage.objects.count(), User.objects.count()) == before


def test_every_note_of_the_demo_has_a_picture_or_will_have_a_card(load_demo):
    load_demo()
    assert not Note.objects.filter(images=None).exists()
    waiting = Job.objects.filter(kind__in=["demo.draw", "pictures.process"]).count()
    assert waiting == NoteImage.objects.filter(state="processing").count()


def test_the_printed_log_ins_work_and_only_the_keeper_is_staff(load_demo, client):
    load_demo()
    for name in ("lin.ceramics", "keeper"):
        assert client.login(username=name, password=loading.PASSWORD)
    assert list(User.objects.filter(is_staff=True).values_list("username", flat=True)) == ["keeper"]
    changed = User.objects.get(username="lin.ceramics")
    changed.set_password("my own now")
    changed.save()
    load_demo()
    assert client.login(username="lin.ceramics", password="my own now")


def test_somebody_elses_keeper_gets_no_rights(load_demo, make_person):
    make_person("keeper")
    assert "keeper" not in load_demo().out
    assert not User.objects.get(username="keeper").is_staff


def test_a_demo_picture_is_drawn_once_into_its_renditions(load_demo, settings, monkeypatch):
    load_demo()
    drawn = []
    monkeypatch.setattr(
        pictures, "draw", lambda *a: drawn.append(a) or Image.new("RGB", (480, 640), "teal")
    )
    job = Job.objects.filter(kind="demo.draw").first()
    for _ in range(2):
        loading.draw_picture(**job.arguments)
    image = NoteImage.objects.get(pk=job.arguments["image"])
    assert image.state == NoteImage.State.READY
    assert len(drawn) == 1
    assert (image.width, image.height) == (480, 640)


def test_what_is_newest_is_drawn_first():
    ages = [
        loading._minutes(line)
        for line in loading.newest_notes_first(demo_lines())
        if line["type"] == "note"
    ]
    assert ages == sorted(ages)
    assert timezone.now() - timedelta(minutes=ages[0]) < timezone.now()


def test_the_demo_has_a_brand_whose_products_stand_in_notes_and_twice_is_once(load_demo, client):
    load_demo()
    load_demo()
    brand = Brand.objects.get()
    assert brand.products.count() == 3
    page = client.get(f"/brands/{brand.slug}/").content.decode()
    assert "Ash-glaze mug" in page
    assert "Verified brand" in page
    labelled = Note.objects.exclude(disclosure="")
    assert labelled.exists()
    for note in labelled:
        assert f'data-note="{note.pk}"' in page


def test_a_picture_of_the_catalogue_is_drawn_once_however_often_its_job_runs(load_demo):
    load_demo()
    job = Job.objects.filter(kind="demo.draw_product").first()
    for _ in range(2):
        jobs.HANDLERS[job.kind].run(**job.arguments)
    picture = Picture.objects.get(pk=job.arguments["picture"])
    assert picture.state == "ready"
    files = {path.name for path in folder_of(picture).iterdir()}
    assert files == {rendition["filename"] for rendition in picture.renditions} != set()
