"""The desk of rules through its pages: written, tried, live, rolled back; refused in words."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from community.outbox import jobs
from community.rules.models import Rule, RuleVersion

from .conftest import allow, logged_in

LIST = "/admin/rules/rule/"
WORDS = {"name": "Kiln spam", "words": "spam\n", "places": ["note"], "act": "hold",
         "words_to_author": "", "label": "", "why": "Many of late"}  # fmt: skip
VIEW, WRITE, RUN = "rules.view_rule", "rules.write_rule", "rules.run_rule"


@pytest.fixture
def writer(make_person):
    return logged_in(allow(make_person("wanda"), VIEW, WRITE))


@pytest.fixture
def senior(make_person):
    return logged_in(allow(make_person("sven"), VIEW, WRITE, RUN))


@pytest.fixture
def rule(senior):
    assert senior.post(f"{LIST}write/words/", WORDS).status_code == 302
    return Rule.objects.get()


def act(client, rule, step, why="Because"):
    version = rule.versions.first()
    path = f"{LIST}version/{version.pk}/act/"
    return client.post(path, {"act": step, "why": why})


def state(rule):
    return rule.versions.first().state


def work():
    while sum(jobs.work_off(queue) for queue in ("default", "feeds")):
        pass


def test_a_rule_lives_from_its_draft_to_its_end(senior, rule):
    assert state(rule) == "draft"
    assert act(senior, rule, "try").status_code == 302
    work()
    for step, becomes in (("shadow", "shadow"), ("live", "live"), ("roll_back", "rolled_back")):
        assert act(senior, rule, step).status_code == 302
        assert state(rule) == becomes
    page = senior.get(f"{LIST}{rule.pk}/change/").content.decode()
    for said in ("wrote it", "tried it", "put it in shadow", "put it live", "rolled it back"):
        assert said in page
    assert LogEntry.objects.filter(user__username="sven").count() == 4


def test_what_was_not_tried_does_not_go_live(senior, rule):
    answer = act(senior, rule, "live")
    assert answer.status_code == 409
    assert b"Try it on what was written first" in answer.content
    assert state(rule) == "draft"


def test_who_writes_rules_does_not_put_them_live(writer, senior, rule):
    act(senior, rule, "try")
    work()
    assert act(writer, rule, "live").status_code == 403
    assert state(rule) == "draft"
    assert act(writer, rule, "shadow").status_code == 302
    page = writer.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert 'value="live"' not in page
    assert act(writer, rule, "roll_back").status_code == 403
    assert state(rule) == "shadow"


@pytest.mark.parametrize("rights", [(), (VIEW,)])
def test_who_may_only_look_changes_nothing(make_person, senior, rule, rights):
    client = logged_in(allow(make_person("lena"), *rights))
    assert client.get(LIST).status_code == (200 if rights else 403)
    assert client.post(f"{LIST}write/words/", WORDS | {"name": "Other"}).status_code == 403
    assert client.post(f"{LIST}{rule.pk}/rewrite/", WORDS).status_code == 403
    assert act(client, rule, "try").status_code == 403
    words = f"{LIST}version/{rule.versions.first().pk}/words.csv"
    assert client.get(words).status_code == (200 if rights else 403)
    assert RuleVersion.objects.count() == 1


def test_members_meet_no_desk(client, alice, rule):
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    for path in (LIST, f"{LIST}write/words/", f"{LIST}{rule.pk}/change/"):
        assert client.get(path).status_code in (302, 403, 404)


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(senior):
    given = WORDS | {"words": "good\n???\n", "why": "For the kiln"}
    answer = senior.post(f"{LIST}write/words/", given)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Line 2: no letter in it" in page
    assert "good\n???" in page
    assert "For the kiln" in page
    assert not Rule.objects.exists()


def test_a_next_version_is_a_draft_beside_what_is_live(senior, rule):
    act(senior, rule, "try")
    work()
    act(senior, rule, "live")
    given = {key: value for key, value in WORDS.items() if key != "name"} | {"words": "junk"}
    assert senior.post(f"{LIST}{rule.pk}/rewrite/", given).status_code == 302
    assert [v.state for v in rule.versions.order_by("number")] == ["live", "draft"]
    page = senior.get(f"{LIST}{rule.pk}/rewrite/").content.decode()
    assert "junk" in page


@pytest.mark.parametrize("step", ["", "explode", "live\x00", "x" * 100_000])
def test_steps_that_are_none_change_nothing(senior, rule, step):
    assert act(senior, rule, step).status_code in (302, 400)
    assert state(rule) == "draft"


@pytest.mark.parametrize("path", [
    "write/nonsense/", "version/999999/act/", "version/999999/words.csv", "999999/rewrite/",
    "999999/change/", "99999999999999999999/change/", "version/99999999999999999999/words.csv",
])  # fmt: skip
def test_what_is_not_there_is_not_found(senior, path):
    answer = senior.get(f"{LIST}{path}")
    assert answer.status_code in (302, 404)
