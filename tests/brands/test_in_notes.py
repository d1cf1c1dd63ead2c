"""Products in notes, the label, and where both are met."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.errors import Invalid
from community.brands.linking import linked_products
from community.brands.models import Brand
from community.brands.products import ProductFacts, add_product, retire_product
from community.services.writing import NoteContent, edit_note

LABEL = "Paid partnership"
WORDS = {"title": "A bowl at last", "body": "Sea green, and it rings. " * 10}


@pytest.fixture
def note(make_note, charlie, bowl):
    return make_note(charlie, "A bowl at last", products=[bowl.pk], disclosure="paid")


def edited(note, **changes):
    content = NoteContent(title=note.title, body=note.body, **changes)
    return edit_note(author=note.author, note_id=note.pk, content=content)


def test_the_label_and_the_card_are_on_page_card_and_answers(note, bowl, kiln, client, work_off):
    work_off()
    page = client.get(f"/notes/{note.pk}/").content.decode()
    assert LABEL in page
    assert f'href="/products/{bowl.pk}/?note={note.pk}"' in page
    assert "¥128.00" in page
    for address in ("/people/charlie/", f"/products/{bowl.pk}/", f"/brands/{kiln.slug}/"):
        shown = client.get(address).content.decode()
        assert f'data-note="{note.pk}"' in shown, address
        assert LABEL in shown, address
    for address in (f"/api/v1/notes/{note.pk}/", "/api/v1/people/charlie/notes/"):
        answer = client.get(address).json()
        row = answer["results"][0] if "results" in answer else answer
        assert row["disclosure"] == "paid"
        assert [product["id"] for product in row["products"]] == [bowl.pk]
        assert row["products"][0]["price"] == 12800


def test_a_label_put_on_later_is_on_a_card_that_was_rendered_before(
    make_note, charlie, client, work_off
):
    note = make_note(charlie)
    work_off()
    assert LABEL not in client.get("/people/charlie/").content.decode()
    before = note.revision
    after = edited(note, disclosure="paid")
    assert after.revision > before
    assert LABEL in client.get("/people/charlie/").content.decode()
    edited(after, disclosure="")
    assert LABEL not in client.get("/people/charlie/").content.decode()


def test_an_edit_that_says_nothing_of_products_and_label_leaves_both(note, bowl):
    after = edited(note)
    assert after.disclosure == "paid"
    assert [product.pk for product in linked_products(after)] == [bowl.pk]


def test_who_is_on_the_team_cannot_publish_without_the_label_nor_take_it_off(
    make_note, alice, bowl
):
    with pytest.raises(Invalid, match="team of Tidal Kiln") as refused:
        make_note(alice, products=[bowl.pk])
    assert refused.value.field == "disclosure"
    note = make_note(alice, products=[bowl.pk], disclosure="paid")
    with pytest.raises(Invalid, match="team of Tidal Kiln"):
        edited(note, disclosure="")
    note.refresh_from_db()
    assert note.disclosure == "paid"
    assert edited(note, disclosure="", products=[]).disclosure == ""


def test_what_is_retired_stays_in_the_notes_that_link_it_and_comes_into_no_other(
    note, bowl, alice, make_note, charlie
):
    retire_product(actor=alice, product_id=bowl.pk, now=timezone.now())
    assert edited(note, products=[bowl.pk]).product_links.count() == 1
    with pytest.raises(Invalid, match="not offered"):
        make_note(charlie, products=[bowl.pk])


def test_a_suspended_brands_product_is_gone_from_the_note_and_the_note_stays(note, bowl, client):
    Brand.objects.update(suspended_at=timezone.now())
    page = client.get(f"/notes/{note.pk}/")
    assert page.status_code == 200
    assert bowl.name not in page.content.decode()
    assert LABEL in page.content.decode()
    assert client.get(f"/api/v1/notes/{note.pk}/").json()["products"] == []
    assert client.get(f"/products/{bowl.pk}/").status_code == 404
    assert client.get("/brands/tidalkiln/").status_code == 404
    assert client.get(f"/out/products/{bowl.pk}/").status_code == 404


def test_there_are_at_most_six_and_each_once(make_note, charlie, alice, kiln, bowl):
    more = [
        add_product(
            actor=alice, slug=kiln.slug, facts=ProductFacts(name=f"Cup {n}"), now=timezone.now()
        ).pk
        for n in range(6)
    ]
    with pytest.raises(Invalid, match="at most 6"):
        make_note(charlie, products=[bowl.pk, *more])
    note = make_note(charlie, products=[more[2], more[0], more[2]])
    assert [product.pk for product in linked_products(note)] == [more[2], more[0]]
    after = edited(note, products=[more[0], more[1]])
    assert [product.pk for product in linked_products(after)] == [more[0], more[1]]


@pytest.mark.parametrize("ids", [[999_999], [10**17]])
def test_what_is_no_product_is_refused(make_note, charlie, ids):
    with pytest.raises(Invalid, match="not offered"):
        make_note(charlie, products=ids)


# ---------------------------------------------------------------- by page
def test_a_writer_finds_links_and_labels_without_scripts(client, charlie, bowl, channel):
    client.force_login(charlie)
    typed = WORDS | {"visibility": "public", "channel": channel.slug, "commerce": "1"}
    found = client.post("/compose/", typed | {"product_q": "celadon", "find": "1"}, follow=True)
    page = found.content.decode()
    assert f'name="product" value="{bowl.pk}"' in page
    address = found.redirect_chain[-1][0].partition("?")[0]
    sent = client.post(address, typed | {"product": [bowl.pk], "paid": "1", "act": "publish"})
    assert sent.status_code == 303
    note = charlie.notes.get()
    assert (note.state, note.disclosure) == ("published", "paid")
    assert [row.product_id for row in note.product_links.all()] == [bowl.pk]
    again = client.get(f"/notes/{note.pk}/edit/").content.decode()
    assert f'value="{bowl.pk}" checked' in again
    client.post(f"/notes/{note.pk}/edit/", typed | {"act": "save"})
    note.refresh_from_db()
    assert (note.disclosure, note.product_links.count()) == ("", 0)


def test_a_page_that_knows_nothing_of_products_takes_none_away(client, note, charlie, channel):
    client.force_login(charlie)
    typed = WORDS | {"visibility": "public", "channel": channel.slug, "act": "save"}
    assert client.post(f"/notes/{note.pk}/edit/", typed).status_code == 303
    note.refresh_from_db()
    assert (note.disclosure, note.product_links.count()) == ("paid", 1)


def test_offers_keep_what_is_ticked(client, charlie, bowl, kiln, alice):
    cup = add_product(
        actor=alice, slug=kiln.slug, facts=ProductFacts(name="Tea Cup"), now=timezone.now()
    )
    client.force_login(charlie)
    part = client.get(f"/suggest/products/?product_q=青瓷&product={cup.pk}").content.decode()
    assert f'value="{cup.pk}" checked' in part
    assert f'value="{bowl.pk}"' in part
    assert "<html" not in part


def test_by_api_products_and_label_are_set_and_left(charlie, bowl, client):
    from rest_framework.test import APIClient

    api = APIClient()
    api.force_authenticate(charlie)
    body = WORDS | {"publish": True, "products": [bowl.pk], "disclosure": "paid"}
    made = api.post("/api/v1/notes/", body, format="json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/notes/{made.json()['id']}/"
    left = api.patch(address, {"title": "Another"}, format="json").json()
    assert (left["disclosure"], len(left["products"])) == ("paid", 1)
    gone = api.patch(address, {"products": [], "disclosure": ""}, format="json").json()
    assert (gone["disclosure"], gone["products"]) == ("", [])
    assert api.patch(address, {"products": [999_999]}, format="json").status_code == 400
    assert api.patch(address, {"disclosure": "free"}, format="json").status_code == 400


@pytest.mark.parametrize(("tag", "met"), [("TK-Ceramics", True), ("潮汐窑", True), ("tk", False)])
def test_a_note_that_carries_a_name_of_the_brand_as_its_tag_is_on_the_brands_page(
    make_note, charlie, kiln, client, tag, met
):
    note = make_note(charlie, tags=[tag])
    page = client.get(f"/brands/{kiln.slug}/").content.decode()
    assert (f'data-note="{note.pk}"' in page) is met
