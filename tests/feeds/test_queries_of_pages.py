"""How many statements a warm page takes: few, and the same for 20 and 200 followees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Follow, User
from accounts.names import name_key

pytestmark = pytest.mark.django_db

MOST = 6


def follow_many(person, count):
    authors = [
        User(
            username=f"author{n:03}",
            username_key=name_key(f"author{n:03}"),
            email=f"a{n}@example.org",
        )
        for n in range(count)
    ]
    User.objects.bulk_create(authors)
    now = timezone.now()
    Follow.objects.bulk_create(
        [Follow(follower=person, followed=author, created_at=now) for author in authors]
    )


def statements(client, path):
    client.get(path)  # warm: cards rendered, list built
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    assert answer.status_code == 200
    assert b'class="card ' in answer.content
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("followees", [20, 200])
def test_a_warm_discover_page_takes_few_statements(
    client, alice, charlie, make_note, work_off, followees
):
    for n in range(30):
        make_note(alice, f"A bowl and its story {n}")
    follow_many(charlie, followees)
    work_off()
    client.force_login(charlie)
    asked = statements(client, "/")
    assert len(asked) <= MOST, "\n".join(asked)


@pytest.mark.parametrize("path", ["/follow/", "/nearby/?lat=30.25&lon=120.15", "/hot/"])
def test_the_other_feeds_take_few_too(client, alice, bob, make_note, work_off, path):
    from community.services.places import find_or_create_place
    from community.services.reactions import like_note

    place = find_or_create_place(name="Longjing", latitude=30.22, longitude=120.11)
    for n in range(30):
        note = make_note(alice, f"A bowl and its story {n}", place=place)
        like_note(person=bob, note_id=note.pk)
    work_off()
    client.force_login(bob)
    asked = statements(client, path)
    assert len(asked) <= MOST + 3, "\n".join(asked)
