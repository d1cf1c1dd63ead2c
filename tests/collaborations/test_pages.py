"""Pages and programs: who sees what, what a refusal looks like, and that figures agree."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.wallet import services as wallet
from community.models import NoteImage
from community.services.pictures import renditions_path
from feeds import events
from feeds.collaborations import services
from feeds.collaborations.models import Collaboration
from feeds.collaborations.report import report_on
from feeds.insights.models import FeedDay
from feeds.models import Event

from .conftest import PRICE, terms

pytestmark = pytest.mark.django_db
PAGES = ("creators", "creator-listing", "collaborations", "api-creators", "api-collaborations")


def act(client, made, name, **said):
    return client.post(reverse("collaboration-act", args=[made.pk, name]), said)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_people_with_an_account(client, creator, page):
    assert client.get(reverse(page)).status_code in (302, 401)
    client.force_login(creator)
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", ["collaboration", "api-collaboration"])
def test_others_do_not_learn_of_it(client, charlie, agreed, page):
    client.force_login(charlie)
    assert client.get(reverse(page, args=[agreed.pk])).status_code == 404
    assert act(client, agreed, "cancel", words="Mine").status_code == 404
    assert client.get(reverse("api-collaborations")).json()["results"] == []


def test_the_whole_way_by_pages(client, owner, creator, brand, make_note):
    client.force_login(owner)
    found = client.get(reverse("creators"), {"sort": "price"})
    assert creator.username in found.content.decode()
    facts = terms()
    answer = client.post(
        reverse("offer", args=[creator.username]),
        {
            "brand": brand.slug, "title": facts.title, "brief": facts.brief, "price": "500",
            "draft_by": facts.draft_by.isoformat(),
        },
    )  # fmt: skip
    assert answer.status_code == 303
    made = Collaboration.objects.get()
    client.force_login(creator)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Agree for" in page
    assert act(client, made, "accept", price=made.price).status_code == 303
    draft = make_note(creator, publish=False)
    assert act(client, made, "hand-in", note=draft.pk).status_code == 303
    client.force_login(owner)
    made.refresh_from_db()
    page = client.get(made.get_absolute_url()).content.decode()
    assert draft.body in page
    assert act(client, made, "approve", revision=made.revision).status_code == 303
    client.force_login(creator)
    assert act(client, made, "publish").status_code == 303
    assert wallet.balance_of(creator) == made.price


def test_a_refusal_is_said_on_the_page(client, creator, offered):
    made = offered()
    client.force_login(creator)
    answer = act(client, made, "accept", price=made.price - 1)
    assert answer.status_code == 409
    assert "another than the one you saw" in answer.content.decode()
    assert act(client, made, "accept", price="x").status_code == 409
    assert act(client, made, "counter", price="-1", draft_by="never").status_code == 400
    assert act(client, made, "sing").status_code == 404


def test_offers_of_nonsense_are_refused_beside_their_field(client, owner, brand, creator):
    client.force_login(owner)
    answer = client.post(
        reverse("offer", args=[creator.username]),
        {
            "brand": brand.slug,
            "title": "Tea",
            "brief": "Tea",
            "price": "5",
            "draft_by": "2020-01-01",
        },
    )
    assert answer.status_code == 400
    assert "from tomorrow" in answer.content.decode()


def test_pictures_of_a_draft_are_for_both_sides_only(client, owner, charlie, drafted):
    image = NoteImage.objects.create(
        note_id=drafted.note_id, position=1, token="t" * 20, state=NoteImage.State.READY,
        renditions=[{"filename": "600.jpg", "format": "jpeg", "width": 600, "height": 400}],
        created_at=timezone.now(),
    )  # fmt: skip
    folder = renditions_path(image.token)
    folder.mkdir(parents=True)
    (folder / "600.jpg").write_bytes(b"picture")
    path = reverse("draft-picture", args=[drafted.pk, image.token, "600.jpg"])
    client.force_login(owner)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert path.encode() in client.get(drafted.get_absolute_url()).content
    for file in ("601.jpg", "..%2Fsecret"):
        other = reverse("draft-picture", args=[drafted.pk, image.token, "x"]).replace(
            "/x", f"/{file}"
        )
        assert client.get(other).status_code == 404
    client.force_login(charlie)
    assert client.get(path).status_code == 404


def test_the_report_is_what_the_events_say(client, creator, owner, approved, make_person):
    services.publish(by=creator, pk=approved.pk, now=timezone.now())
    readers = [make_person(f"reader{n}") for n in range(4)]
    for n, reader in enumerate(readers):
        for kind in [Event.Kind.IMPRESSION, Event.Kind.OPEN, Event.Kind.LIKE][: n + 1]:
            feed = "boost" if n == 3 else "discover"
            Event.objects.create(
                person=reader, note_id=approved.note_id, kind=kind, feed=feed, at=timezone.now()
            )
    events.digest(now=timezone.now())
    approved.refresh_from_db()
    report = report_on(approved)
    counts = Event.objects.filter(note_id=approved.note_id)
    assert report.totals.impressions == counts.filter(kind=Event.Kind.IMPRESSION).count() == 4
    assert report.totals.opens == counts.filter(kind=Event.Kind.OPEN).count()
    assert report.paid.likes == 1
    assert ("impressions", 4, PRICE // 4) in report.figures
    client.force_login(owner)
    told = client.get(reverse("api-collaboration", args=[approved.pk])).json()
    assert told["report"]["totals"]["impressions"] == 4
    assert FeedDay.objects.filter(note=approved.note_id).count() == 2


# ---------------------------------------------------------------- programs
def test_the_whole_way_by_programs(client, owner, creator, brand, make_note):
    facts = terms()
    body = {
        "brand": brand.slug, "creator": creator.username, "title": facts.title,
        "brief": facts.brief, "price": PRICE, "draft_by": facts.draft_by.isoformat(),
    }  # fmt: skip

    def post(person, path, said, **headers):
        client.force_login(person)
        return client.post(path, said, content_type="application/json", headers=headers)

    offers = reverse("api-collaborations")
    made = post(owner, offers, body, **{"Idempotency-Key": "one"})
    again = post(owner, offers, body, **{"Idempotency-Key": "one"})
    assert made.status_code == again.status_code == 201
    assert made.json() == again.json()
    pk = made.json()["id"]

    def do(person, name, **said):
        return post(person, reverse("api-collaboration-act", args=[pk, name]), said)

    assert do(creator, "accept").status_code == 400
    assert do(creator, "accept", price=PRICE - 1).status_code == 409
    assert do(creator, "accept", price=PRICE).json()["state"] == "accepted"
    note = make_note(creator, publish=False)
    drafted = do(creator, "hand-in", note=note.pk).json()
    assert do(creator, "approve", revision=drafted["revision"]).status_code == 409
    assert do(owner, "approve", revision=drafted["revision"]).json()["state"] == "approved"
    assert do(creator, "publish").json()["state"] == "published"
    assert do(creator, "sing").status_code == 404
    assert wallet.balance_of(creator) == PRICE


@pytest.mark.parametrize(
    "query", [{"sort": "name"}, {"tier": "god"}, {"price": "-1"}, {"price": "9" * 40}]
)
def test_odd_searches_by_programs_are_told(client, owner, creator, query):
    client.force_login(owner)
    assert client.get(reverse("api-creators"), query).status_code == 400


@pytest.mark.parametrize("sort", ["reach", "engagement", "followers", "price"])
def test_the_directory_is_paged_without_gaps(client, owner, make_person, sort):
    from feeds.collaborations.models import Creator

    for n in range(7):
        Creator.objects.create(
            person=make_person(f"maker{n}"), listed=True, reach=n % 3, price=100 + n % 2,
            engagement=n % 2 / 7, followers=5,
        )  # fmt: skip
    client.force_login(owner)
    path, names = reverse("api-creators") + f"?limit=3&sort={sort}", []
    while path:
        answer = client.get(path).json()
        names += [row["username"] for row in answer["results"]]
        path = answer["next"]
    assert sorted(names) == [f"maker{n}" for n in range(7)]


def test_prices_stand_in_forms_as_they_are_typed(client, owner, brand, creator, offered):
    made = offered(price=12_345)
    client.force_login(owner)
    assert 'value="400.00"' in client.get(reverse("offer", args=["alice"])).content.decode()
    client.force_login(creator)
    assert 'value="123.45"' in client.get(made.get_absolute_url()).content.decode()
    assert 'value="400.00"' in client.get(reverse("creator-listing")).content.decode()
