"""Joining, interests, ties between people, settings and tokens."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from knox.models import AuthToken

from accounts.models import Block, ChosenInterest, Follow, Mute, Profile, User
from accounts.services import follow_user
from community.models import Place
from community.outbox.models import Job

HTMX = {"HX-Request": "true"}
SETTINGS = {
    "display_name": "",
    "bio": "",
    "city": "",
    "language": "",
    "time_zone": "",
    "theme": "system",
}


# ---------------------------------------------------------------- joining
def test_joining_leads_to_interests_then_people_then_reading(db, as_person, alice, make_note):
    make_note(alice)
    client = as_person(None)
    form = {"email": "mei@example.org", "username": "mei", "password1": "tide-and-rock-9"}
    joined = client.post("/account/signup/", form)
    assert joined.headers["Location"] == "/welcome/"
    assert b"Pottery" in client.get("/welcome/").content
    chosen = client.post("/welcome/", {"interests": ["pottery", "coffee", "cats"]})
    assert chosen.headers["Location"] == "/welcome/people/"
    people = client.get("/welcome/people/").content.decode()
    assert "alice" in people
    assert "Writes about Pottery" in people
    assert Profile.objects.get(person__username="mei").welcomed_at is not None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"username": "a"}, "at least 2 characters"),
        ({"username": "admin"}, "reserved"),
        ({"username": "аlice"}, "name"),  # a Cyrillic letter
        ({"username": "ALICE"}, "name"),
        ({"username": "two words"}, "letters and digits"),
        ({"username": "\u202eevil"}, "letters and digits"),
        ({"email": "alice@example.org"}, "already"),
        ({"email": "no address"}, "email"),
        ({"password1": "short"}, "8 characters"),
        ({"password1": "12345678901"}, "numeric"),
    ],
)
def test_a_refused_sign_up_says_why_and_keeps_the_rest(alice, as_person, wrong, message):
    form = {"email": "mei@example.org", "username": "mei", "password1": "tide-and-rock-9"} | wrong
    answer = as_person(None).post("/account/signup/", form)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert message in html
    assert 'class="field__error"' in html
    assert User.objects.count() == 1


def test_every_page_about_the_account_opens(alice, as_person):
    for address in ("login", "signup", "password/reset", "password/reset/done"):
        assert as_person(None).get(f"/account/{address}/").status_code == 200, address
    client = as_person(alice)
    for address in ("logout", "email", "password/change"):
        assert client.get(f"/account/{address}/").status_code == 200, address
    for address in ("", "interests/", "people/", "tokens/"):
        answer = client.get(f"/settings/{address}")
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_forgotten_password_is_replaced_by_mail(alice, as_person, work_off):
    client = as_person(None)
    client.post("/account/password/reset/", {"email": "alice@example.org"})
    # What opens an account is readable by no one who looks at the tasks.
    assert "password/reset" not in str(Job.objects.values_list("arguments", flat=True))
    work_off()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    new = {"password1": "moon-over-water-7", "password2": "moon-over-water-7"}
    client.post(address, new)
    assert User.objects.get(pk=alice.pk).check_password("moon-over-water-7")


# ---------------------------------------------------------------- interests
def test_fewer_than_three_interests_are_refused_and_kept_ticked(alice, as_person):
    answer = as_person(alice).post("/welcome/", {"interests": ["pottery"]})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose at least 3 interests" in html
    assert 'value="pottery" checked' in html
    assert not ChosenInterest.objects.exists()


def test_interests_can_be_changed_later_and_invented_ones_are_refused(alice, as_person):
    client = as_person(alice)
    client.post("/settings/interests/", {"interests": ["pottery", "coffee", "cats"]})
    client.post("/settings/interests/", {"interests": ["pottery", "dogs", "cats"]})
    slugs = set(ChosenInterest.objects.values_list("channel_slug", flat=True))
    assert slugs == {"pottery", "dogs", "cats"}
    invented = client.post("/settings/interests/", {"interests": ["pottery", "dogs", "x' OR 1=1"]})
    assert invented.status_code == 400


# ---------------------------------------------------------------- ties
def test_following_by_form_goes_back_and_with_htmx_swaps_the_button(alice, charlie, as_person):
    client = as_person(charlie)
    answer = client.post("/people/alice/follow/", {"next": "/hot/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hot/")
    assert Follow.objects.filter(follower=charlie, followed=alice).exists()
    html = client.post("/people/alice/unfollow/", headers=HTMX).content.decode()
    assert 'formaction="/people/alice/follow/"' in html
    assert not Follow.objects.filter(follower=charlie, followed=alice).exists()


def test_one_cannot_follow_oneself_or_nobody(alice, as_person):
    client = as_person(alice)
    assert client.post("/people/alice/follow/").status_code == 400
    for name in ("nobody", "no%00body", "x" * 61, "%F0%9F%8D%B5", "a%0Ab"):
        assert client.post(f"/people/{name}/follow/").status_code == 404, name


def test_blocking_parts_two_people_and_can_be_undone_from_the_list(alice, bob, as_person):
    client = as_person(alice)
    answer = client.post("/people/bob/block/")
    assert answer.headers["Location"] == "/settings/people/"
    assert not Follow.objects.exists()
    assert b"@bob" in client.get("/settings/people/").content
    assert client.post("/people/bob/follow/").status_code == 404
    client.post("/people/bob/unblock/")
    assert not Block.objects.exists()


def test_muting_and_unmuting(alice, bob, as_person):
    client = as_person(bob)
    client.post("/people/alice/mute/")
    assert Mute.objects.filter(muter=bob, muted=alice).exists()
    assert b"@alice" in client.get("/settings/people/").content
    client.post("/people/alice/unmute/")
    assert not Mute.objects.exists()


def test_ties_need_post_and_an_account(alice, bob, as_person):
    for act in ("follow", "unfollow", "block", "unblock", "mute", "unmute"):
        assert as_person(bob).get(f"/people/alice/{act}/").status_code == 405
        assert as_person(None).post(f"/people/alice/{act}/").status_code == 302


def test_people_are_offered_by_followers_without_those_already_followed(
    alice, bob, charlie, make_person, make_note, as_person
):
    dora = make_person("dora")
    for person in (alice, bob, dora):
        make_note(person)
    follow_user(follower=charlie, followed=dora)
    for slug in ("pottery", "coffee", "cats"):
        ChosenInterest.objects.create(
            person=charlie, channel_slug=slug, created_at="2026-01-01T00:00Z"
        )
    html = as_person(charlie).get("/welcome/people/").content.decode()
    assert html.index("alice") < html.index("bob")  # alice has a follower
    assert "dora" not in html


# ---------------------------------------------------------------- settings
def test_settings_are_saved_and_the_page_speaks_the_chosen_language(alice, as_person):
    client = as_person(alice)
    sent = SETTINGS | {"display_name": "Alice 林", "bio": "Potter", "language": "zh-hans",
                       "time_zone": "Asia/Shanghai", "theme": "dark",
                       "personalised": "on"}  # fmt: skip
    assert client.post("/settings/", sent).status_code == 303
    profile = Profile.objects.get(person=alice)
    assert (profile.display_name, profile.theme, profile.personalised) == ("Alice 林", "dark", True)
    page = client.get("/settings/")
    assert 'lang="zh-hans"' in page.content.decode()
    assert 'data-theme="dark"' in page.content.decode()


def test_a_known_city_gives_nearby_a_place_to_start_and_an_unknown_one_says_so(alice, as_person):
    Place.objects.create(name="A", city="Xiamen", latitude=24.40, longitude=118.10)
    Place.objects.create(name="B", city="Xiamen", latitude=24.60, longitude=118.30)
    client = as_person(alice)
    client.post("/settings/", SETTINGS | {"city": "xiamen"})
    profile = Profile.objects.get(person=alice)
    assert (profile.latitude, profile.longitude) == (pytest.approx(24.5), pytest.approx(118.2))
    answer = client.post("/settings/", SETTINGS | {"city": "Atlantis"}, follow=True)
    assert b"No note is about a place in this city yet" in answer.content
    assert Profile.objects.get(person=alice).latitude is None


def test_an_avatar_is_taken_or_refused_with_a_reason(alice, as_person, photo):
    client = as_person(alice)
    assert client.post("/settings/", SETTINGS | {"avatar": photo()}).status_code == 303
    avatar = Profile.objects.get(person=alice).avatar
    assert client.get(f"/media/{avatar}/96.webp").status_code == 200
    for file in (SimpleUploadedFile("x.png", b"no picture"), SimpleUploadedFile("e.png", b"")):
        answer = client.post("/settings/", SETTINGS | {"display_name": "Kept", "avatar": file})
        assert answer.status_code == 400
        assert b"Kept" in answer.content
    assert Profile.objects.get(person=alice).avatar == avatar


def test_wrong_choices_in_settings_are_told(alice, as_person):
    for wrong in (
        {"language": "xx"},
        {"time_zone": "Mars/Base"},
        {"theme": "pink"},
        {"bio": "b" * 301},
    ):
        answer = as_person(alice).post("/settings/", SETTINGS | wrong)
        assert answer.status_code == 400, wrong
        assert b"field__error" in answer.content, wrong


def test_a_visitor_chooses_the_language_by_cookie(db, as_person):
    client = as_person(None)
    answer = client.post("/language/", {"language": "zh-hans", "next": "/account/login/"})
    assert answer.headers["Location"] == "/account/login/"
    assert 'lang="zh-hans"' in client.get("/account/login/").content.decode()
    client.post("/language/", {"language": "../../etc"})
    assert 'lang="zh-hans"' in client.get("/account/login/").content.decode()


# ---------------------------------------------------------------- tokens
def test_a_token_is_shown_once_and_revoked(alice, bob, as_person):
    client = as_person(alice)
    made = client.post("/settings/tokens/", {"name": "laptop", "scopes": ["read"]})
    row = AuthToken.objects.get(user=alice)
    plain = made.context["made"]
    assert plain in made.content.decode()
    listed = client.get("/settings/tokens/").content.decode()
    assert plain not in listed
    assert row.token_key in listed
    assert "laptop" in listed
    assert "not used yet" in listed
    as_person(bob).post(f"/settings/tokens/{row.token_key}/revoke/")
    assert AuthToken.objects.count() == 1
    client.post(f"/settings/tokens/{row.token_key}/revoke/")
    assert not AuthToken.objects.exists()


def test_there_is_a_limit_of_tokens(alice, as_person):
    client = as_person(alice)
    body = {"scopes": ["read"]}
    answers = [client.post("/settings/tokens/", body).status_code for _ in range(21)]
    assert answers == [200] * 20 + [409]


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "moderation"], ["read\x00"]])
def test_a_token_opens_what_its_maker_chose_or_is_not_made(alice, as_person, scopes):
    answer = as_person(alice).post("/settings/tokens/", {"scopes": scopes})
    assert answer.status_code == 400
    assert b'role="alert"' in answer.content
    assert not AuthToken.objects.exists()
