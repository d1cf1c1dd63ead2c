"""Opening a brand, and who may do what to it: asked at the time of each write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from accounts.services import edit_profile
from community.brands import products, services, team
from community.brands.models import Brand, BrandLog, Invitation, Member
from community.brands.services import BrandPage, open_brand
from community.notifications.models import Notification

NOW = timezone.now()
PAGE = BrandPage(name="Another kiln")
CUP = products.ProductFacts(name="Cup")


def acts(brand):
    return list(brand.log.order_by("pk").values_list("act", flat=True))


def invited(kiln, alice, person, role="editor"):
    return team.invite(actor=alice, slug=kiln.slug, username=person.username, role=role, now=NOW)


# ---------------------------------------------------------------- opening and changing
def test_who_opens_a_brand_owns_it_and_the_log_says_so(kiln, alice):
    assert [(row.person, row.role) for row in kiln.members.all()] == [(alice, "owner")]
    line = kiln.log.get()
    assert (line.actor, line.act, line.words) == (alice, "opened", kiln.name)
    keys = set(kiln.names.values_list("key", flat=True))
    assert keys == {"tidal kiln 潮 汐 窑", "潮 汐 窑", "tk ceramics"}


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("tidalkiln", "taken"), ("TidalKiln", "taken"), ("tidal-kiln", "taken"),
        ("tida1k1ln", "taken"), ("admin", "reserved"), ("rockp00l", "reserved"),
        ("潮池官方", "reserved"), ("new", "reserved"), ("a", "too_short"), ("x" * 31, "too_long"),
        ("a b", "bad_characters"), ("../x", "bad_characters"), ("", "too_short"),
    ],
)  # fmt: skip
def test_handles_follow_the_rules_of_names(kiln, bob, slug, code):
    with pytest.raises(DomainError) as refused:
        open_brand(owner=bob, slug=slug, page=PAGE, now=NOW)
    assert (refused.value.kind, refused.value.field) == (code, "slug")
    assert Brand.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ({"name": ""}, "name"), ({"name": "\u200b "}, "name"), ({"name": "x" * 61}, "name"),
        ({"name": "窑"}, "name"), ({"about": "x" * 2_001}, "about"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "http://[::1]/"}, "website"), ({"aliases": ["x" * 61]}, "aliases"),
        ({"aliases": [f"a{n}" for n in range(11)]}, "aliases"),
    ],
)  # fmt: skip
def test_what_a_page_cannot_say_is_refused_at_its_field(alice, kiln, page, field):
    with pytest.raises(Invalid) as refused:
        services.edit_brand(
            actor=alice, slug=kiln.slug, page=BrandPage(**{"name": "Kiln", **page}), now=NOW
        )
    assert refused.value.field == field


def test_nobody_owns_more_than_five(bob):
    for number in range(5):
        open_brand(owner=bob, slug=f"kiln{number}{number}", page=PAGE, now=NOW)
    with pytest.raises(Invalid, match="own 5 brands"):
        open_brand(owner=bob, slug="kiln-six", page=PAGE, now=NOW)


def test_a_verified_brand_keeps_its_name(kiln, alice):
    Brand.objects.update(verified_until=NOW + timedelta(days=1))
    with pytest.raises(Invalid, match="verified brand stays"):
        services.edit_brand(actor=alice, slug=kiln.slug, page=PAGE, now=NOW)
    same = BrandPage(name=kiln.name, about="More")
    assert services.edit_brand(actor=alice, slug=kiln.slug, page=same, now=NOW).about == "More"


# ---------------------------------------------------------------- invitations
def test_who_accepts_is_on_the_team_and_all_is_told_and_logged(kiln, alice, bob):
    invitation = invited(kiln, alice, bob)
    told = Notification.objects.get(person=bob, kind="brand_invite")
    assert (told.actor, told.words) == (alice, kiln.name)
    with pytest.raises(NotFound):
        products.add_product(actor=bob, slug=kiln.slug, facts=CUP, now=NOW)
    member = team.accept(person=bob, invitation_id=invitation.pk, now=NOW)
    assert member.role == "editor"
    products.add_product(actor=bob, slug=kiln.slug, facts=CUP, now=NOW)
    assert acts(kiln) == ["opened", "invited", "joined", "product"]
    assert Notification.objects.filter(person=alice, words__contains="@bob joined").exists()


def test_a_team_is_told_in_its_own_language_whoever_acts(kiln, alice, bob):
    edit_profile(person=alice, language="zh-hans")
    invitation = invited(kiln, alice, bob)
    with translation.override("en"):
        team.accept(person=bob, invitation_id=invitation.pk, now=NOW)
    assert Notification.objects.get(person=alice).words == f"{kiln.name}: @bob 加入了团队"


def test_an_invitation_is_accepted_once(kiln, alice, bob):
    invitation = invited(kiln, alice, bob)
    team.accept(person=bob, invitation_id=invitation.pk, now=NOW)
    with pytest.raises(Conflict, match="no longer open"):
        team.accept(person=bob, invitation_id=invitation.pk, now=NOW)
    with pytest.raises(Conflict):
        team.decline(person=bob, invitation_id=invitation.pk, now=NOW)
    assert kiln.members.filter(person=bob).count() == 1


def test_an_invitation_is_accepted_by_whom_it_was_sent_to(kiln, alice, bob, charlie):
    invitation = invited(kiln, alice, bob)
    for act in (team.accept, team.decline):
        with pytest.raises(NotFound):
            act(person=charlie, invitation_id=invitation.pk, now=NOW)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_what_is_declined_or_taken_back_lets_nobody_in(kiln, alice, bob, state):
    invitation = invited(kiln, alice, bob)
    if state == "declined":
        team.decline(person=bob, invitation_id=invitation.pk, now=NOW)
    else:
        team.withdraw_invitation(actor=alice, slug=kiln.slug, username="bob", now=NOW)
    assert Invitation.objects.get().state == state
    with pytest.raises(Conflict):
        team.accept(person=bob, invitation_id=invitation.pk, now=NOW)
    assert invited(kiln, alice, bob).state == "open"  # and may be asked again


def test_an_offer_of_somebody_who_left_meanwhile_is_void(kiln, alice, bob, charlie, join):
    join(bob, "owner")
    invitation = invited(kiln, bob, charlie, "owner")
    team.remove_member(actor=alice, slug=kiln.slug, username="bob", now=NOW)
    with pytest.raises(Conflict, match="may no longer"):
        team.accept(person=charlie, invitation_id=invitation.pk, now=NOW)
    assert not kiln.members.filter(person=charlie).exists()


def test_an_offer_that_its_senders_new_role_could_not_make_is_void(kiln, alice, bob, charlie, join):
    join(bob, "owner")
    invitation = invited(kiln, bob, charlie, "manager")
    team.change_role(actor=alice, slug=kiln.slug, username="bob", role="manager", now=NOW)
    with pytest.raises(Conflict):
        team.accept(person=charlie, invitation_id=invitation.pk, now=NOW)


@pytest.mark.parametrize(("name", "code"), [("alice", "conflict"), ("nobody", "invalid")])
def test_members_and_nobody_are_not_invited(kiln, alice, name, code):
    with pytest.raises(DomainError) as refused:
        team.invite(actor=alice, slug=kiln.slug, username=name, role="editor", now=NOW)
    assert refused.value.kind == code


def test_a_second_invitation_and_an_unknown_role_are_refused(kiln, alice, bob):
    invited(kiln, alice, bob)
    with pytest.raises(Conflict):
        invited(kiln, alice, bob)
    with pytest.raises(Invalid):
        invited(kiln, alice, bob, "king")


# ---------------------------------------------------------------- roles, leaving
def test_the_last_owner_can_neither_leave_nor_be_sent_nor_step_down(kiln, alice, bob, join):
    join(bob, "manager")
    for act in (
        lambda: team.leave(person=alice, slug=kiln.slug, now=NOW),
        lambda: team.change_role(
            actor=alice, slug=kiln.slug, username="alice", role="editor", now=NOW
        ),
        lambda: team.remove_member(actor=alice, slug=kiln.slug, username="alice", now=NOW),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.kind == "last_owner"
    team.change_role(actor=alice, slug=kiln.slug, username="bob", role="owner", now=NOW)
    team.leave(person=alice, slug=kiln.slug, now=NOW)
    assert [row.person for row in kiln.members.all()] == [bob]


def test_who_left_can_do_nothing_any_more(kiln, bowl, alice, bob, join):
    join(bob, "owner")
    team.leave(person=bob, slug=kiln.slug, now=NOW)
    page, before = BrandPage(name="Mine now"), kiln.log.count()
    for act in (
        lambda: services.edit_brand(actor=bob, slug=kiln.slug, page=page, now=NOW),
        lambda: products.add_product(actor=bob, slug=kiln.slug, facts=CUP, now=NOW),
        lambda: products.edit_product(actor=bob, product_id=bowl.pk, facts=CUP, now=NOW),
        lambda: products.retire_product(actor=bob, product_id=bowl.pk, now=NOW),
        lambda: team.invite(actor=bob, slug=kiln.slug, username="alice", role="editor", now=NOW),
        lambda: team.change_role(
            actor=bob, slug=kiln.slug, username="alice", role="editor", now=NOW
        ),
        lambda: team.remove_member(actor=bob, slug=kiln.slug, username="alice", now=NOW),
        lambda: team.leave(person=bob, slug=kiln.slug, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert kiln.log.count() == before


@pytest.mark.parametrize("role", ["editor", "manager"])
def test_lower_roles_do_only_what_is_theirs(kiln, alice, bob, charlie, join, role):
    join(bob, role)
    join(charlie, "manager")
    refused = [
        lambda: team.change_role(actor=bob, slug=kiln.slug, username="bob", role="owner", now=NOW),
        lambda: team.remove_member(actor=bob, slug=kiln.slug, username="charlie", now=NOW),
        lambda: team.remove_member(actor=bob, slug=kiln.slug, username="alice", now=NOW),
        lambda: team.invite(actor=bob, slug=kiln.slug, username="alice", role="owner", now=NOW),
    ]
    if role == "editor":
        page = BrandPage(name="Mine now")
        refused.append(lambda: services.edit_brand(actor=bob, slug=kiln.slug, page=page, now=NOW))
    for act in refused:
        with pytest.raises(NotAllowed):
            act()
    assert set(Member.objects.values_list("person__username", "role")) == {
        ("alice", "owner"), ("bob", role), ("charlie", "manager"),
    }  # fmt: skip


def test_a_suspended_brand_takes_no_writes_and_is_met_by_nobody(kiln, bowl, alice, client):
    alice.is_superuser = True
    alice.save()
    services.suspend_brand(by=alice, brand_id=kiln.pk, reason="Fakes", now=NOW)
    with pytest.raises(Conflict, match="suspended"):
        products.add_product(actor=alice, slug=kiln.slug, facts=CUP, now=NOW)
    with pytest.raises(Conflict):
        services.suspend_brand(by=alice, brand_id=kiln.pk, reason="Again", now=NOW)
    for address in (f"/brands/{kiln.slug}/", f"/products/{bowl.pk}/"):
        assert client.get(address).status_code == 404
    assert "Celadon" not in client.get("/search/?q=celadon+bowl").content.decode().split("main")[1]
    services.restore_brand(by=alice, brand_id=kiln.pk, now=NOW)
    assert client.get(f"/brands/{kiln.slug}/").status_code == 200
    assert acts(kiln)[-2:] == ["suspended", "restored"]


def test_only_staff_with_the_permission_suspends(kiln, alice, bob):
    with pytest.raises(NotAllowed):
        services.suspend_brand(by=bob, brand_id=kiln.pk, reason="No", now=NOW)
    assert not BrandLog.objects.filter(act="suspended").exists()


# ---------------------------------------------------------------- by page
def test_by_page_open_invite_accept_change_leave(client, alice, bob):
    client.force_login(alice)
    typed = {"name": "Low Bay Glass", "slug": "lowbay", "aliases": "LBG, 低湾"}
    assert client.post("/my/brands/new/", typed | {"slug": "admin"}).status_code == 400
    sent = client.post("/my/brands/new/", typed)
    assert sent["Location"] == "/my/brands/lowbay/"
    page = client.get(sent["Location"]).content.decode()
    assert "LBG, 低湾" in page
    client.post("/my/brands/lowbay/team/", {"username": "@bob", "role": "manager"})
    invitation = Invitation.objects.get()
    client.force_login(bob)
    assert "Low Bay Glass" in client.get("/my/brands/").content.decode()
    assert client.get(f"/notifications/{bob.notifications.get().pk}/")["Location"] == "/my/brands/"
    client.post(f"/my/invitations/{invitation.pk}/", {"answer": "accept"})
    assert client.get("/my/brands/lowbay/team/").status_code == 200
    assert client.get("/my/brands/lowbay/verification/").status_code == 403
    client.force_login(alice)
    client.post("/my/brands/lowbay/team/bob/role/", {"role": "editor"})
    assert Member.objects.get(person=bob).role == "editor"
    client.force_login(bob)
    client.post("/my/brands/lowbay/leave/")
    assert client.get("/my/brands/lowbay/").status_code == 404


# ---------------------------------------------------------------- the log
@pytest.mark.parametrize(
    "change",
    [
        lambda line: BrandLog.objects.filter(pk=line.pk).update(act="left"),
        lambda line: BrandLog.objects.filter(pk=line.pk).update(words="Other"),
        lambda line: BrandLog.objects.filter(pk=line.pk).update(at=NOW),
        lambda line: BrandLog.objects.filter(pk=line.pk).delete(),
    ],
)
def test_the_database_keeps_the_log_as_it_was_written(kiln, bob, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(kiln.log.get())
    # People may leave, and a brand without anybody may go.
    BrandLog.objects.update(actor=None, words="")
    with pytest.raises(IntegrityError), transaction.atomic():
        BrandLog.objects.update(actor=bob)
    Member.objects.filter(brand=kiln).delete()
    kiln.delete()
    assert not BrandLog.objects.exists()
