"""What is offered while one writes, what is counted and learnt for it, and what is refused."""

import pytest
from django.utils import timezone

from community.artefacts import registry
from community.artefacts.models import Artefact
from community.lexicon import known_words
from community.lexicon.models import RelatedTag, Term
from community.models import Channel, Tag
from community.services import channel_guess, learnt_words, related_tags, tag_keeping
from community.services.suggestions import suggest

NOW = timezone.now()


def offers(title="", body="", known=(), viewer=None, chosen=()):
    found = suggest(title=title, body=body, known=set(known), viewer=viewer, chosen=chosen)
    return {offer.key: offer for offer in found}


# ---------------------------------------------------------------- offers
def test_a_known_word_is_offered_with_its_kind_and_why(db):
    found = offers(title="周末在西湖徒步", body="带着宜家的杯子")
    assert (found["徒步"].kind, found["徒步"].kind_name) == ("activity", "Activity")
    assert found["宜家"].kind == "brand"
    assert found["西湖"].reason == "a known word in your text"


def test_two_names_of_one_thing_are_one_offer_and_no_phrase_wraps_it(db):
    found = offers(title="周末徒步，西湖边", body="Hiking around West Lake")
    assert {"徒步", "西湖"} <= set(found)
    assert not {"hiking", "周末徒步", "西湖边"} & set(found)


def test_what_is_chosen_written_or_banned_is_not_offered(alice, make_note):
    make_note(alice, tags=["露营"])
    tag_keeping.ban_tag(tag=Tag.objects.get(key="露营"), reason="x", by=alice, now=NOW)
    found = offers(title="徒步 露营 滑雪", body="#滑雪", chosen=["徒步"])
    assert not {"徒步", "露营", "滑雪"} & set(found)


def test_another_name_is_offered_as_the_tag(alice, make_note):
    make_note(alice, tags=["hiking trips"])
    tag_keeping.add_alias(tag=Tag.objects.get(key="hiking-trips"), name="徒步")
    assert "hiking-trips" in offers(title="徒步")


def test_a_change_of_the_words_is_seen_by_a_process_that_knew_the_old_ones(db, monkeypatch):
    monkeypatch.setattr(known_words, "LOOK_AGAIN", 0.0)
    assert "zorbing" not in offers(title="We tried", body="a day of zorbing").keys() & {"x"}
    Term.objects.create(kind="activity", name="Zorbing", tag="ball rolling")
    assert "ball-rolling" in offers(title="We tried", body="a day of zorbing")
    Term.objects.get(name="Zorbing").delete()
    assert "ball-rolling" not in offers(title="We tried", body="a day of zorbing")


# ---------------------------------------------------------------- related tags
def test_related_tags_come_from_several_people_and_only_from_public_notes(
    alice, bob, charlie, make_note
):
    for person in (alice, bob):
        make_note(person, tags=["glaze", "ash"])
    make_note(charlie, tags=["walks", "lake"])
    make_note(charlie, tags=["glaze", "secret"], visibility="private")
    make_note(bob, tags=["glaze", "secret"], visibility="private")
    count = related_tags.relate_tags(now=NOW)
    assert related_tags.relate_tags(now=NOW) == count == RelatedTag.objects.count()
    glaze = Tag.objects.get(key="glaze")
    assert [tag.key for tag in related_tags.related_to(glaze, viewer=None)] == ["ash"]
    found = offers(title="x", viewer=charlie, chosen=["glaze"])
    assert found["ash"].reason == "often together with #glaze"


def test_the_tag_page_and_the_api_show_related_tags(alice, bob, make_note, client):
    for person in (alice, bob):
        make_note(person, tags=["glaze", "ash"])
    make_note(bob, tags=["walks"])
    related_tags.relate_tags(now=NOW)
    assert 'href="/tags/ash/"' in client.get("/tags/glaze/").content.decode()
    answer = client.get("/api/v1/tags/glaze/related/").json()
    assert answer == {"results": [{"key": "ash", "name": "ash"}]}
    assert client.get("/api/v1/tags/nobody/related/").status_code == 404


# ---------------------------------------------------------------- counting and learning
def test_words_are_counted_when_there_are_enough_notes(alice, make_note, monkeypatch):
    make_note(alice)
    refused = learnt_words.count_words(now=NOW)
    assert refused.state == Artefact.State.REFUSED
    assert learnt_words.idf_in_force() is None
    monkeypatch.setattr(learnt_words, "FEWEST_NOTES", 2)
    make_note(alice, "A different title")
    learnt_words.count_words(now=NOW)
    registry.forget()
    table = learnt_words.idf_in_force()
    assert table["ash"] < table["different"]


@pytest.fixture
def two_channels(alice, bob, make_note, monkeypatch):
    monkeypatch.setattr(channel_guess, "FEWEST_NOTES", 20)
    coffee = Channel.objects.get(slug="coffee")
    for n in range(15):
        make_note(
            alice, f"Latte art, cup {n}", body=f"espresso beans roast {n}", channel=coffee, tags=[]
        )
        make_note(bob, f"Throwing bowl {n}", body=f"clay kiln glaze {n}", tags=[])
    return coffee


def test_a_channel_is_learnt_and_guessed_only_when_sure(two_channels, client):
    made = channel_guess.learn_channels(now=NOW)
    assert made.state == Artefact.State.IN_FORCE
    assert made.figures["accuracy"] > made.figures["majority"]
    guess = channel_guess.guess_channel(title="espresso", body="roast beans, latte art")
    assert guess.channel.slug == "coffee"
    assert channel_guess.guess_channel(title="", body="") is None
    answer = client.get(
        "/api/v1/channels/suggest/?title=latte+art&body=espresso+beans+roast"
    ).json()
    assert answer["channel"]["slug"] == "coffee"
    Channel.objects.filter(slug="coffee").update(is_open=False)
    assert channel_guess.guess_channel(title="espresso", body="roast beans, latte art") is None


def test_too_little_or_one_channel_leaves_the_old_model_in_force(two_channels, monkeypatch):
    channel_guess.learn_channels(now=NOW)
    monkeypatch.setattr(channel_guess, "FEWEST_NOTES", 1_000)
    assert channel_guess.learn_channels(now=NOW).state == Artefact.State.REFUSED
    monkeypatch.setattr(channel_guess, "FEWEST_NOTES", 5)
    two_channels.notes.all().delete()
    refused = channel_guess.learn_channels(now=NOW)
    assert (refused.state, refused.trained_on["channels"]) == (Artefact.State.REFUSED, 1)
    assert registry.in_force("channels").number == 1


def test_no_better_than_the_largest_channel_is_refused(two_channels, monkeypatch):
    monkeypatch.setattr(
        channel_guess, "measured", lambda *_: {"accuracy": 0.5, "majority": 0.5, "sure_from": 0.9}
    )
    assert channel_guess.learn_channels(now=NOW).state == Artefact.State.REFUSED
    assert registry.in_force("channels") is None


def test_one_account_cannot_teach_a_channel_alone(alice, bob, make_note, monkeypatch):
    monkeypatch.setattr(channel_guess, "MOST_OF_ONE", 3)
    monkeypatch.setattr(channel_guess, "FEWEST_OF_A_CHANNEL", 1)
    for n in range(6):
        make_note(alice, f"Flood number {n}")
    texts, _labels = channel_guess._material()
    assert len(texts) == 3


# ---------------------------------------------------------------- without scripts
def test_the_form_alone_offers_tags_and_takes_those_that_are_ticked(alice, client):
    from community.models import Note

    client.force_login(alice)
    typed = {"title": "周末徒步", "body": "在西湖边", "visibility": "public", "channel": "pottery"}
    answer = client.post("/compose/", typed | {"suggest": "1"})
    note = Note.objects.get()
    assert answer.headers["Location"] == f"/notes/{note.pk}/edit/#tags"
    html = client.get(f"/notes/{note.pk}/edit/").content.decode()
    assert 'name="offer" value="徒步"' in html
    assert "Activity" in html
    client.post(f"/notes/{note.pk}/edit/", typed | {"offer": ["徒步", "西湖"], "act": "publish"})
    assert set(note.tags.names()) == {"徒步", "西湖"}
