"""Brands, teams and products by program, and who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from community.brands.models import Brand, Member, Product
from tests.brands.conftest import SHOP
from tests.brands.test_catalogue import photo


def program(person=None):
    api = APIClient()
    if person is not None:
        api.force_authenticate(person)
    return api


def test_a_brand_is_opened_changed_listed_and_found(alice, bob):
    api = program(alice)
    body = {"slug": "lowbay", "name": "Low Bay", "aliases": ["低湾"], "channel": "pottery"}
    made = api.post("/api/v1/brands/", body, format="json")
    assert made.status_code == 201, made.content
    assert (made.json()["role"], made.json()["verified"]) == ("owner", False)
    assert api.post("/api/v1/brands/", body, format="json").status_code == 409
    changed = api.patch("/api/v1/brands/lowbay/", {"about": "Glass."}, format="json").json()
    assert (changed["about"], changed["aliases"], changed["channel"]["slug"]) == (
        "Glass.", ["低湾"], "pottery",
    )  # fmt: skip
    assert program().get("/api/v1/brands/lowbay/").json()["role"] == ""
    for address in ("/api/v1/brands/", "/api/v1/me/brands/"):
        assert [row["slug"] for row in api.get(address).json()["results"]] == ["lowbay"]
    assert program(bob).get("/api/v1/me/brands/").json()["results"] == []


def test_a_team_is_asked_joined_changed_and_left(kiln, alice, bob):
    owner, asked = program(alice), program(bob)
    address = f"/api/v1/brands/{kiln.slug}/members/"
    assert asked.get(address).status_code == 404
    sent = owner.post(address, {"username": "bob", "role": "manager"}, format="json")
    assert sent.status_code == 201
    one = f"/api/v1/me/brand-invitations/{sent.json()['id']}/"
    assert asked.get("/api/v1/me/brand-invitations/").json()["results"][0]["brand"] == kiln.slug
    assert owner.put(one).status_code == 404
    assert asked.put(one).status_code == 200
    assert asked.put(one).status_code == 409
    people = owner.patch(f"{address}bob/", {"role": "editor"}, format="json").json()["results"]
    assert {row["person"]["username"]: row["role"] for row in people} == {
        "alice": "owner", "bob": "editor",
    }  # fmt: skip
    assert asked.patch(f"{address}bob/", {"role": "owner"}, format="json").status_code == 403
    assert asked.delete(f"{address}alice/").status_code == 403
    assert owner.delete(f"{address}alice/").status_code == 409
    assert asked.delete(f"{address}bob/").status_code == 204
    assert [row.person for row in Member.objects.all()] == [alice]


def test_products_are_added_changed_retired_and_found(kiln, alice):
    api = program(alice)
    body = {"name": "青瓷碗", "price": 12800, "currency": "CNY", "link": SHOP, "sku": "B-1"}
    made = api.post(f"/api/v1/brands/{kiln.slug}/products/", body, format="json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/products/{made.json()['id']}/"
    assert made.json()["shop"] == "shop.tidalkiln.com"
    assert made.json()["out"].endswith(f"/out/products/{made.json()['id']}/")
    again = api.post(f"/api/v1/brands/{kiln.slug}/products/", body, format="json")
    assert again.status_code == 409
    assert api.patch(address, {"price": 9900}, format="json").json()["price"] == 9900
    assert Product.objects.get().link == SHOP
    for query in ("q=青瓷", "q=tidal+kiln", f"brand={kiln.slug}", "limit=1"):
        rows = program().get(f"/api/v1/products/?{query}").json()["results"]
        assert [row["price"] for row in rows] == [9900], query
    gone = api.patch(address, {"offered": False}, format="json").json()
    assert (gone["offered"], gone["out"]) == (False, "")
    assert program().get("/api/v1/products/").json()["results"] == []
    assert program().get(address).status_code == 200


def test_a_picture_and_a_catalogue_are_sent_as_files(bowl, kiln, alice):
    api = program(alice)
    file = SimpleUploadedFile("bowl.jpg", photo().read())
    sent = api.post(f"/api/v1/products/{bowl.pk}/pictures/", {"file": file})
    assert sent.status_code == 202
    picture = bowl.pictures.get()
    one = f"/api/v1/products/{bowl.pk}/pictures/{picture.pk}/"
    assert api.delete(f"/api/v1/products/{bowl.pk + 1}/pictures/{picture.pk}/").status_code == 404
    assert api.delete(one).status_code == 204
    file = SimpleUploadedFile("a.csv", b"name\nCup\n!\n")
    told = api.post(f"/api/v1/brands/{kiln.slug}/products/import/", {"file": file}).json()
    assert (told["added"], [row["line"] for row in told["not_taken"]]) == (1, [3])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("patch", "brands/tidalkiln/"), ("get", "brands/tidalkiln/members/"),
        ("post", "brands/tidalkiln/members/"), ("patch", "brands/tidalkiln/members/alice/"),
        ("delete", "brands/tidalkiln/members/alice/"), ("post", "brands/tidalkiln/products/"),
        ("post", "brands/tidalkiln/products/import/"), ("patch", "products/{bowl}/"),
        ("post", "products/{bowl}/pictures/"), ("delete", "products/{bowl}/pictures/1/"),
    ],
)  # fmt: skip
def test_strangers_are_told_nothing_before_the_body_is_read(bowl, charlie, method, path):
    address = f"/api/v1/{path.format(bowl=bowl.pk)}"
    shape = "multipart" if "import" in path or "pictures" in path else "json"
    nonsense = {} if method == "delete" else {"no such field": "x"}
    refused = getattr(program(charlie), method)(address, nonsense, format=shape)
    assert refused.status_code == 404, refused.content
    assert getattr(program(), method)(address, nonsense, format=shape).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Cup", "link": "javascript:alert(1)"}, {"name": "Cup", "link": "http://127.1/"},
        {"name": "Cup", "price": 0}, {"name": "Cup", "price": 1.5}, {"name": "Cup", "price": "5"},
        {"name": "Cup", "price": 5, "currency": "??"}, {"name": ""}, {}, {"name": "Cup", "x": 1},
        {"name": "a\u202eb"}, {"name": "Cup", "aliases": ["x"] * 11},
    ],
)  # fmt: skip
def test_what_no_product_can_be_is_400(kiln, alice, body):
    address = f"/api/v1/brands/{kiln.slug}/products/"
    assert program(alice).post(address, body, format="json").status_code == 400
    assert not Product.objects.exists()


def test_of_a_suspended_brand_nothing_is_told(bowl, kiln, alice):
    Brand.objects.update(suspended_at=timezone.now())
    for path in (f"brands/{kiln.slug}/", f"products/{bowl.pk}/"):
        assert program().get(f"/api/v1/{path}").status_code == 404
    for path in ("brands/", "products/", "products/?q=celadon"):
        assert program().get(f"/api/v1/{path}").json()["results"] == []
    assert program(alice).patch(
        f"/api/v1/products/{bowl.pk}/", {"name": "Cup"}, format="json"
    ).status_code == 409  # fmt: skip
