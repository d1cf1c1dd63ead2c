"""Pages and programs: who meets what, joining while one writes, and an exact report."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from community.brands.models.product import ProductClicks
from community.brands.products import ProductFacts, add_product
from community.outbox import jobs
from feeds import events
from feeds.campaigns import ranking, services
from feeds.campaigns.models import Banner, Campaign
from feeds.campaigns.report import report_on
from feeds.models import Event
from tests.brands.test_catalogue import photo

from .conftest import facts

pytestmark = pytest.mark.django_db
NOTES = {"ago": timedelta(minutes=30), "tags": ["owncup2026"]}
TYPED = {
    "title": "Tea from your own cup", "about": "Show the cup you drink from.",
    "tags": "OwnCup2026", "rules_text": "One cup a note.", "prizes": "A kettle\n2 × Tea",
}  # fmt: skip


def typed_times(first=1, last=8):
    now = timezone.now()
    return {
        "starts_at": f"{now + timedelta(days=first):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(days=last):%Y-%m-%dT%H:%M}",
    }


def act(client, campaign, name, **said):
    return client.post(reverse("campaign-act", args=[campaign.pk, name]), said)


def test_from_the_desk_to_the_readers(client, owner, staff, brand, admin_user):
    client.force_login(owner)
    desk = reverse("brand-campaigns", args=[brand.slug])
    answer = client.post(desk, TYPED | typed_times())
    made = Campaign.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/my/campaigns/{made.pk}/"
    assert [(p.name, p.winners) for p in made.prizes.all()] == [("A kettle", 1), ("Tea", 2)]
    assert client.get(made.get_absolute_url()).status_code == 404
    changed = client.post(f"/my/campaigns/{made.pk}/", TYPED | typed_times() | {"title": "Cups"})
    assert changed.status_code == 303
    assert act(client, made, "submit").status_code == 303
    assert act(client, made, "submit").status_code == 409
    assert act(client, made, "approve").status_code == 404
    client.force_login(admin_user)
    case = reverse("admin:campaigns_campaign_change", args=[made.pk])
    assert "Approve" in client.get(case).content.decode()
    address = reverse("admin:campaign_act", args=[made.pk])
    assert client.post(address, {"act": "refuse"}).status_code == 400
    assert client.post(address, {"act": "approve", "lift": "9"}).status_code == 400
    assert client.post(address, {"act": "approve", "lift": "1.5"}).status_code == 302
    client.logout()
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Cups" in page
    assert "A kettle" in page
    assert "Cups" in client.get("/campaigns/").content.decode()
    assert "Cups" in client.get(f"/brands/{brand.slug}/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"starts_at": "soon"}, {"ends_at": "2020-01-01T00:00"}, {"tags": ""},
        {"prizes": "x" * 90}, {"about": "x" * 501}, {"title": "\0"}, {"prizes": "0 × A cup"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(client, owner, brand, wrong):
    client.force_login(owner)
    answer = client.post(
        reverse("brand-campaigns", args=[brand.slug]), TYPED | typed_times() | wrong
    )
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode() or "notice--bad" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_community_itself_calls(client, staff, owner):
    client.force_login(owner)
    assert client.post("/my/campaigns/", TYPED | typed_times()).status_code == 403
    client.force_login(staff)
    assert client.get("/my/campaigns/").status_code == 200
    client.post("/my/campaigns/", TYPED | typed_times(first=0))
    made = Campaign.objects.get()
    assert made.brand is None
    act(client, made, "submit")
    services.approve(by=staff, pk=made.pk, now=timezone.now())
    assert client.get(made.get_absolute_url()).status_code == 200


def test_joining_while_one_writes(client, running, bob, make_note):
    client.force_login(bob)
    offers = client.get("/campaigns/offers/").content.decode()
    assert 'data-adds-tag="OwnCup2026"' in offers
    page = client.get(running.get_absolute_url()).content.decode()
    assert "/compose/?tags=OwnCup2026" in page
    compose = client.get("/compose/?tags=OwnCup2026").content.decode()
    assert 'name="tags" value="OwnCup2026"' in compose
    assert client.get("/compose/?tags=" + "%3Cb%3E" * 200).status_code == 200


def test_ranked_and_newest_through_the_gate(
    client, running, alice, bob, charlie, make_note, work_off
):
    from accounts.services import block_user
    from community.services.reactions import like_note

    liked, newer = make_note(alice, **NOTES), make_note(bob, ago=timedelta(minutes=1),
                                                        tags=["owncup2026"])  # fmt: skip
    work_off()
    like_note(person=charlie, note_id=liked.pk, now=timezone.now())
    ranking.rank(running, now=timezone.now())
    path, api = running.get_absolute_url(), reverse("api-campaign-notes", args=[running.slug])

    def ids(order):
        return [row["note"]["id"] for row in client.get(api, {"order": order}).json()["results"]]

    assert ids("ranked") == [liked.pk, newer.pk]
    assert ids("newest") == [newer.pk, liked.pk]
    for order in ("", "?order=newest"):
        page = client.get(path + order).content.decode()
        assert f"note-{liked.pk}" in page
    client.force_login(charlie)
    block_user(blocker=charlie, blocked=alice)
    assert ids("ranked") == ids("newest") == [newer.pk]
    assert client.get(api, {"order": "none"}).status_code == 400


def test_a_banner_is_made_anew_and_a_drafts_is_private(client, owner, charlie, draft):
    client.force_login(owner)
    sent = SimpleUploadedFile("b.jpg", photo().read(), content_type="image/jpeg")
    assert client.post(f"/my/campaigns/{draft.pk}/banner/", {"picture": sent}).status_code == 303
    assert client.post(f"/my/campaigns/{draft.pk}/banner/").status_code == 400
    assert jobs.work_off("media") == 1
    banner = Banner.objects.get()
    assert banner.state == "ready"
    file = f"/media/campaigns/{banner.token}/{banner.renditions[0]['filename']}"
    answer = client.get(file)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"/media/campaigns/{banner.token}/x").status_code == 404
    client.force_login(charlie)
    assert client.get(file).status_code == 404


def test_the_report_is_what_the_events_say(
    client, running, owner, brand, alice, bob, make_note, make_person, work_off
):
    first, second = make_note(alice, **NOTES), make_note(bob, **NOTES)
    elsewhere = make_note(alice, ago=timedelta(minutes=30))
    work_off()
    now = timezone.now()
    kinds = [Event.Kind.IMPRESSION, Event.Kind.OPEN, Event.Kind.LIKE, Event.Kind.COLLECT]
    for n in range(8):
        reader = make_person(f"reader{n}")
        for note in (first, second, elsewhere):
            for kind in kinds[: 1 + (n + note.pk) % 4]:
                feed = "boost" if n == 3 else "discover" if n % 2 else "hot"
                Event.objects.create(person=reader, note=note, kind=kind, feed=feed, at=now)
    events.digest(now=now)
    product = add_product(
        actor=owner, slug=brand.slug, facts=ProductFacts(name="Kettle"), now=timezone.now()
    )
    ProductClicks.objects.create(product=product, day=now.date(), clicks=7)
    report = report_on(running, zone=timezone.get_current_timezone(), now=timezone.now())
    raw = Event.objects.filter(note__in=[first, second])
    for name, kind in zip(("impressions", "opens", "likes", "collects"), kinds, strict=True):
        assert getattr(report.totals, name) == raw.filter(kind=kind).count(), name
    assert report.paid.impressions == raw.filter(kind=kinds[0], feed="boost").count() == 2
    assert (report.entries, report.authors, report.newcomers, report.clicks) == (2, 2, 2, 7)
    assert sum(totals.opens for _day, totals in report.days) == report.totals.opens
    assert sum(report.entries_of_day.values()) == 2
    client.force_login(owner)
    assert "Day by day" in client.get(f"/my/campaigns/{running.pk}/report/").content.decode()
    file = client.get(f"/my/campaigns/{running.pk}/report.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert sum(int(row["likes"]) for row in rows) == report.totals.likes
    api = client.get(reverse("api-campaign-report", args=[running.pk])).json()
    assert api["totals"]["likes"] == report.totals.likes
    client.force_login(alice)
    for path in ("report/", "report.csv", ""):
        assert client.get(f"/my/campaigns/{running.pk}/{path}").status_code == 404
    assert client.get(reverse("api-campaign-report", args=[running.pk])).status_code == 404


def test_winners_stand_on_the_page_while_they_may_be_seen(
    client, running, owner, alice, make_note, work_off
):
    note = make_note(alice, "The chipped blue one", **NOTES)
    work_off()
    Campaign.objects.filter(pk=running.pk).update(ends_at=timezone.now())
    services.advance(now=timezone.now())
    client.force_login(owner)
    prize = running.prizes.first()
    assert act(client, running, "award", prize=prize.pk, note=note.pk).status_code == 303
    assert act(client, running, "award", prize="x", note="9" * 40).status_code == 404
    client.logout()
    assert "Who won" in client.get(running.get_absolute_url()).content.decode()
    note.hidden_at = timezone.now()
    note.save(update_fields=["hidden_at"])
    assert "Who won" not in client.get(running.get_absolute_url()).content.decode()


def test_a_page_asks_the_same_number_of_questions_however_many_there_are(
    client, owner, brand, staff, running, django_assert_max_num_queries
):
    client.get("/campaigns/")
    for n in range(5):
        more = facts(title=f"Cup {n}", tags=[f"cup{n}"])
        made = services.begin(by=owner, brand_slug=brand.slug, facts=more, now=timezone.now())
        services.submit(by=owner, pk=made.pk, now=timezone.now())
        services.approve(by=staff, pk=made.pk, now=timezone.now())
    with django_assert_max_num_queries(9):
        assert client.get("/campaigns/").status_code == 200
