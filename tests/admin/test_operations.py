"""Channels, the engine policy, pools, tasks, people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import DELETION, LogEntry
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.models import User
from community.models import Channel, Note
from community.outbox.models import Heartbeat, Job
from feeds import policies
from feeds.models import EnginePolicy, PoolEntry, PoolTransition
from feeds.policy import Policy
from feeds.policy_form import PolicyForm, as_typed

from .conftest import allow, logged_in

ADD_POLICY = "/admin/feeds/enginepolicy/add/"


@pytest.fixture
def busy_community(alice, bob, make_note, keeper):
    """Something in every list of the admin."""
    now = timezone.now()
    note = make_note(alice)
    root = note.channel.root_id
    PoolEntry.objects.update_or_create(
        note=note,
        defaults={
            "author": alice, "root_channel_id": root, "state": "running", "promised": 150,
            "delivered": 34, "started_at": now, "due_at": now + timedelta(hours=20),
        },
    )  # fmt: skip
    PoolTransition.objects.create(
        note=note, to_tier=0, state="running", reason="admitted", root_channel_id=root, at=now
    )
    Job.objects.create(
        kind="demo.fails", key="1", state=Job.State.ASIDE, tries=5, run_at=now, created_at=now,
        last_error="ValueError('<script>')",
    )  # fmt: skip
    Heartbeat.objects.create(name="worker", beaten_at=now)
    policies.publish(values={}, by=keeper, remark="first")
    return note


def test_every_admin_page_answers_with_data_in_it(busy_community, at_the_desk):
    for model in site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert at_the_desk.get(base).status_code == 200, base
        row = model._default_manager.first()
        if row is not None:
            url = reverse(
                f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
            )
            assert at_the_desk.get(url, follow=True).status_code == 200, url
    assert at_the_desk.get("/admin/").status_code == 200


def test_nobody_but_staff_enters_and_the_log_in_is_the_limited_one(charlie, client):
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/")["Location"].startswith("/account/login/")
    assert logged_in(charlie).get("/admin/").status_code in (302, 403)


def test_a_channel_is_renamed_and_closed_but_keeps_its_address(at_the_desk, channel):
    url = f"/admin/community/channel/{channel.pk}/change/"
    form = {
        "name_en": "Clay",
        "name_zh": "泥",
        "parent": channel.parent_id,
        "position": 7,
        "slug": "other",
    }
    assert at_the_desk.post(url, form).status_code == 302
    channel.refresh_from_db()
    assert (channel.name_en, channel.is_open, channel.slug) == ("Clay", False, "pottery")


def test_channels_have_two_levels_and_used_ones_are_not_deleted(
    alice, make_note, at_the_desk, channel
):
    form = {
        "name_en": "Raku",
        "name_zh": "乐烧",
        "slug": "raku",
        "parent": channel.pk,
        "position": 1,
    }
    assert at_the_desk.post("/admin/community/channel/add/", form).status_code == 200
    assert not Channel.objects.filter(slug="raku").exists()
    make_note(alice)
    url = f"/admin/community/channel/{channel.pk}/delete/"
    assert at_the_desk.post(url, {"post": "yes"}).status_code == 403


def policy_as_posted(**changes):
    """What the browser would send for the policy in force, with some settings typed anew."""
    return dict(as_typed(policies.current()[1])) | {"remark": "try"} | changes


def test_saving_the_policy_makes_a_new_version_that_is_in_force(at_the_desk, keeper):
    form = policy_as_posted(**{"pools.slot_every": "8", "_publish": "1"})
    assert at_the_desk.post(ADD_POLICY, form).status_code == 302
    version = EnginePolicy.objects.get()
    assert (version.values["pools"]["slot_every"], version.published_by, version.remark) == (
        8,
        keeper,
        "try",
    )
    policies.forget()
    assert policies.current()[1].pools.slot_every == 8


def test_a_preview_shows_the_difference_and_publishes_nothing(at_the_desk):
    page = at_the_desk.post(ADD_POLICY, policy_as_posted(**{"hot.gravity": "2.1", "_preview": "1"}))
    text = page.content.decode()
    assert "<code>hot.gravity</code>" in text
    assert "<del>1.8</del>" in text
    assert "<ins>2.1</ins>" in text
    assert not EnginePolicy.objects.exists()


@pytest.mark.parametrize(
    ("setting", "typed", "fault"),
    [
        ("pools.quality_bar", "7", "from 0 to 1"),
        ("pools.ladder", "P0 100 100 24\nP1 50 0 24", "must not shrink"),
        ("pools.ladder", "P0 many 0 24", "is not a tier"),
        ("nearby.bands_km", "1, x", "numbers"),
        ("discover.page_size", "", "required"),
        ("hot.gravity", "nan", "number"),
    ],
)
def test_a_faulty_policy_is_told_by_the_name_of_the_setting(at_the_desk, setting, typed, fault):
    answer = at_the_desk.post(ADD_POLICY, policy_as_posted(**{setting: typed, "_publish": "1"}))
    assert answer.status_code == 200
    assert f"<code>{setting}</code>" in answer.content.decode()
    assert fault in answer.content.decode()
    assert not EnginePolicy.objects.exists()


def test_every_setting_has_a_field_and_comes_back_as_it_was():
    form = PolicyForm({**dict(as_typed(Policy())), "remark": "same"}, policy=Policy())
    assert form.is_valid(), form.errors
    assert form.policy == Policy()
    assert "90% one-sided" in form.fields["pools.wilson_z"].help_text


def test_going_back_publishes_the_old_version_again(at_the_desk, keeper):
    old = policies.publish(values={"hot": {"gravity": 1.5}}, by=keeper)
    policies.publish(values={"hot": {"gravity": 3}}, by=keeper)
    again = reverse("admin:feeds_policy_again", args=[old.pk])
    page = at_the_desk.get(f"/admin/feeds/enginepolicy/{old.pk}/change/").content.decode()
    assert "<ins>1.5</ins>" in page
    assert at_the_desk.get(again).status_code == 404
    assert at_the_desk.post(again).status_code == 302
    policies.forget()
    number, policy = policies.current()
    assert policy.hot.gravity == 1.5
    assert number > old.pk
    assert EnginePolicy.objects.count() == 3


def test_the_policy_is_published_by_those_who_may_only(make_person, keeper):
    version = policies.publish(values={}, by=keeper)
    reader = logged_in(allow(make_person("reader1"), "feeds.view_enginepolicy"))
    assert reader.get(f"/admin/feeds/enginepolicy/{version.pk}/change/").status_code == 200
    assert reader.get(ADD_POLICY).status_code == 403
    assert reader.post(reverse("admin:feeds_policy_again", args=[version.pk])).status_code == 403
    assert EnginePolicy.objects.count() == 1


def test_what_was_set_aside_is_told_with_its_reason(busy_community, at_the_desk, make_person):
    page = at_the_desk.get("/admin/outbox/job/").content.decode()
    assert "ValueError ×1" in page
    assert "<script>" not in page.partition("ValueError")[2][:200]
    assert "1 task was set aside after its last try" in at_the_desk.get("/admin/").content.decode()
    other = logged_in(allow(make_person("reader2"), "community.view_note"))
    assert "set aside" not in other.get("/admin/").content.decode()


@pytest.mark.letter("B6")
def test_a_task_set_aside_is_discarded_by_who_may_and_it_is_on_record(
    busy_community, at_the_desk, make_person
):
    job = Job.objects.get(kind="demo.fails")
    waiting = Job.objects.create(kind="demo.waits", run_at=job.run_at, created_at=job.run_at)
    form = {"action": "discard", "_selected_action": [job.pk, waiting.pk]}
    reader = logged_in(allow(make_person("reader3"), "outbox.view_job", "outbox.change_job"))
    reader.post("/admin/outbox/job/", form)
    assert Job.objects.filter(pk=job.pk).exists()
    at_the_desk.post("/admin/outbox/job/", form)
    # Only what was set aside: what waits has a promise to keep.
    assert set(Job.objects.filter(pk__in=[job.pk, waiting.pk])) == {waiting}
    entry = LogEntry.objects.get(object_id=str(job.pk), action_flag=DELETION)
    assert "ValueError" in entry.change_message


def test_a_task_set_aside_is_tried_again_on_request(busy_community, at_the_desk, make_person):
    job = Job.objects.get(kind="demo.fails")
    page = at_the_desk.get("/admin/outbox/job/?state__exact=aside").content.decode()
    assert "&lt;script&gt;" in page
    form = {"action": "try_again", "_selected_action": [job.pk]}
    reader = logged_in(allow(make_person("reader1"), "outbox.view_job"))
    reader.post("/admin/outbox/job/", form)
    assert Job.objects.get(pk=job.pk).state == Job.State.ASIDE
    at_the_desk.post("/admin/outbox/job/", form)
    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.READY, 0)


def test_the_way_of_a_note_through_the_pools_can_be_read_and_not_written(
    busy_community, at_the_desk
):
    url = f"/admin/feeds/poolentry/{busy_community.pk}/change/"
    assert "admitted" in at_the_desk.get(url).content.decode()
    assert at_the_desk.post(url, {"delivered": 9_000}).status_code == 403
    assert PoolEntry.objects.get(pk=busy_community.pk).delivered == 34


def test_suspending_a_person_takes_their_notes_from_everybody(alice, make_note, at_the_desk):
    note = make_note(alice)
    url = f"/admin/accounts/user/{alice.pk}/change/"
    inline = {"profile-TOTAL_FORMS": 0, "profile-INITIAL_FORMS": 0}
    assert at_the_desk.post(url, {"username": "mallory", **inline}).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_active, alice.username) == (False, "alice")
    assert not Note.objects.visible_to(None).filter(pk=note.pk).exists()


def test_staff_hands_out_no_rights_and_does_not_touch_superusers(alice, keeper, make_person):
    helper = logged_in(allow(make_person("helper1"), "accounts.change_user", "accounts.view_user"))
    inline = {"profile-TOTAL_FORMS": 0, "profile-INITIAL_FORMS": 0}
    helper.post(
        f"/admin/accounts/user/{alice.pk}/change/",
        {"is_active": "on", "is_staff": "on", "is_superuser": "on", **inline},
    )
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)
    helper.post(f"/admin/accounts/user/{keeper.pk}/change/", inline)
    assert User.objects.get(pk=keeper.pk).is_active
    assert helper.get(f"/admin/accounts/user/{alice.pk}/password/").status_code == 403


def test_who_may_only_look_at_periodic_tasks_stops_and_runs_none(make_person):
    task = PeriodicTask.objects.create(
        name="tidy",
        task="outbox.expire",
        interval=IntervalSchedule.objects.create(every=1, period="hours"),
    )
    looking = logged_in(allow(make_person("looks"), "django_celery_beat.view_periodictask"))
    address = reverse("admin:django_celery_beat_periodictask_changelist")
    assert "disable_tasks" not in looking.get(address).content.decode()
    looking.post(address, {"action": "disable_tasks", "_selected_action": task.pk, "index": 0})
    task.refresh_from_db()
    assert task.enabled
    both = ("django_celery_beat.view_periodictask", "django_celery_beat.change_periodictask")
    keeping = logged_in(allow(make_person("keeps"), *both))
    keeping.post(address, {"action": "disable_tasks", "_selected_action": task.pk, "index": 0})
    task.refresh_from_db()
    assert not task.enabled
