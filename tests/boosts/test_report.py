"""What came of an order: of the people it reached, what they did after they saw the card."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.services.comments import add_comment
from community.services.reactions import collect_note, like_note, unlike_note
from feeds import events
from feeds.boosts.models import Boost
from feeds.boosts.report import pacing_of, report_on
from feeds.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(alice, bob, make_note, make_person, bought):
    for n in range(8):
        make_note(make_person(f"w{n}"), f"A walk along the shore {n}")
    return bought(note=make_note(alice, ago=timedelta(days=9)))


def test_acts_of_reached_readers_are_counted_each_once_with_their_cost(
    bob, charlie, make_person, order, reader
):
    dora, note = make_person("dora"), order.note_id
    add_comment(author=bob, note_id=note, body="I knew it before")  # by no boost
    before = timezone.now() - timedelta(minutes=5)
    Boost.objects.update(runs_from=before)
    for person in (charlie, dora):
        assert reader(person, now=before).paid
    for _ in range(2):
        add_comment(author=charlie, note_id=note, body="Lovely")
    collect_note(person=charlie, note_id=note)
    like_note(person=dora, note_id=note)
    like_note(person=charlie, note_id=note)
    unlike_note(person=charlie, note_id=note)
    now = timezone.now() + timedelta(minutes=1)
    events.record(person_id=dora.pk, note_id=note, kind=Event.Kind.OPEN, at=now)
    order.refresh_from_db()
    report = report_on(order)
    counts = {figure.name: figure.count for figure in report.figures}
    assert counts == {
        "impressions": 2, "opens": 1, "likes": 1, "collects": 1, "comments": 1, "shares": 0,
        "follows": 0,
    }  # fmt: skip
    costs = {figure.name: figure.cost_each for figure in report.figures}
    assert (report.spent, costs["impressions"], costs["likes"], costs["shares"]) == (6, 3, 6, None)
    assert [count for _day, count in report.days] == [2]


def test_the_drawing_of_a_period_shows_the_plan_and_what_was_delivered(charlie, order, reader):
    reader(charlie)
    half = order.runs_from + (order.ends_at - order.runs_from) / 2
    drawn = pacing_of(Boost.objects.get(pk=order.pk), now=half)
    assert drawn.now == 50.0
    assert drawn.behind == 49  # fifty should have been delivered
    assert drawn.delivered.split()[0] == "0.0,100.0"
    assert drawn.delivered.split()[-1] == "50.0,99.0"
