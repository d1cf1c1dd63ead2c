"""Products: by service, by page, by file; found by search; the way out counted."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from accounts.errors import Conflict, Invalid, NotFound
from community.brands import importing, pictures, products
from community.brands.click_report import report_on
from community.brands.importing import exported, import_products
from community.brands.linking import link_products
from community.brands.lookup import find_products, named_in
from community.brands.models import Brand, NoteClicks, Picture, Product, ProductClicks
from community.models import Note
from community.outbox import jobs
from community.services.kept_pictures import folder_of
from tests.brands.conftest import SHOP

NOW = timezone.now()
PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


def photo(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (20, 120, 120)).save(out, kind)
    out.seek(0)
    return out


# ---------------------------------------------------------------- by service
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"), ({"name": "!!!"}, "name"), ({"name": "x" * 101}, "name"),
        ({"link": "javascript:alert(1)"}, "link"), ({"link": "http://0x7f.1/"}, "link"),
        ({"price": 0}, "price"), ({"price": -5}, "price"), ({"price": 10**13}, "price"),
        ({"price": 5, "currency": "YUAN"}, "currency"), ({"sku": "x" * 41}, "sku"),
    ],
)  # fmt: skip
def test_what_a_product_cannot_be_is_refused_at_its_field(kiln, alice, facts, field):
    with pytest.raises(Invalid) as refused:
        products.add_product(
            actor=alice,
            slug=kiln.slug,
            facts=products.ProductFacts(**{"name": "Cup", **facts}),
            now=NOW,
        )
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"name": "celadon  BOWL"}, "name"), ({"name": "Cup", "sku": "B-1"}, "sku")],
)
def test_names_and_numbers_are_had_once_in_a_brand(kiln, bowl, alice, facts, field):
    with pytest.raises(Conflict) as refused:
        products.add_product(
            actor=alice, slug=kiln.slug, facts=products.ProductFacts(**facts), now=NOW
        )
    assert refused.value.field == field


def test_a_picture_is_made_anew_served_and_taken_away(
    kiln, bowl, alice, client, settings, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT)
    row = pictures.add_picture(
        actor=alice, product_id=bowl.pk, upload=photo(), name="bowl.jpg", now=NOW
    )
    pictures.set_logo(actor=alice, slug=kiln.slug, upload=photo("PNG"), name="l.png", now=NOW)
    assert jobs.work_off("media") == 2
    row.refresh_from_db()
    assert row.state == "ready"
    name = row.renditions[0]["filename"]
    address = f"/media/catalogue/{row.token}/{name}"
    assert client.get(address).status_code == 200
    assert client.get(f"/media/catalogue/{row.token}/../x").status_code == 404
    page = client.get(f"/products/{bowl.pk}/").content.decode()
    assert f"/media/catalogue/{row.token}/" in page
    assert 'class="logo logo--32"' in page
    with django_capture_on_commit_callbacks(execute=True):
        pictures.remove_picture(actor=alice, picture_id=row.pk, now=NOW)
    assert client.get(address).status_code == 404
    assert not folder_of(row).exists()


def test_what_is_no_picture_is_refused_and_no_more_than_six_are_kept(bowl, alice):
    with pytest.raises(Invalid):
        pictures.add_picture(
            actor=alice, product_id=bowl.pk, upload=io.BytesIO(b"<svg>"), name="x", now=NOW
        )
    for number in range(6):
        Picture.objects.create(
            brand=bowl.brand, product=bowl, position=number, token=f"t{number}", created_at=NOW
        )
    with pytest.raises(Invalid, match="at most 6"):
        pictures.add_picture(actor=alice, product_id=bowl.pk, upload=photo(), name="x.jpg", now=NOW)


# ---------------------------------------------------------------- by page
def test_by_page_add_change_retire_and_return(client, kiln, alice):
    client.force_login(alice)
    typed = {"name": "Cup", "price": "12.5", "currency": "eur", "link": SHOP, "aliases": "杯, 盏"}
    bad = typed | {"link": "http://192.168.1.1/"}
    refused = client.post(f"/my/brands/{kiln.slug}/products/new/", bad)
    assert refused.status_code == 400
    assert "private network" in refused.content.decode()
    sent = client.post(f"/my/brands/{kiln.slug}/products/new/", typed)
    cup = Product.objects.get()
    assert sent["Location"] == f"/my/products/{cup.pk}/"
    assert (cup.price, cup.currency, cup.aliases) == (1250, "EUR", ["杯", "盏"])
    assert "12.50" in client.get(sent["Location"]).content.decode()
    client.post(f"/my/products/{cup.pk}/", typed | {"price": ""})
    cup.refresh_from_db()
    assert cup.price is None
    client.post(f"/my/products/{cup.pk}/retire/")
    assert cup.name not in client.get(f"/brands/{kiln.slug}/").content.decode()
    assert client.get(f"/out/products/{cup.pk}/").status_code == 404
    client.post(f"/my/products/{cup.pk}/return/")
    assert cup.name in client.get(f"/brands/{kiln.slug}/").content.decode()


def test_somebody_elses_products_and_pictures_are_not_ones_own(client, bowl, bob, kiln, alice):
    picture = Picture.objects.create(brand=kiln, product=bowl, token="x", created_at=NOW)
    client.force_login(bob)
    for address in (
        f"/my/products/{bowl.pk}/", f"/my/products/{bowl.pk}/retire/",
        f"/my/products/{bowl.pk}/return/", f"/my/catalogue-pictures/{picture.pk}/remove/",
        f"/my/brands/{kiln.slug}/products/new/", f"/my/brands/{kiln.slug}/import/",
        f"/my/brands/{kiln.slug}/", f"/my/brands/{kiln.slug}/team/",
    ):  # fmt: skip
        assert client.post(address, {"name": "Mine now"}).status_code == 404, address
    assert client.get(f"/my/brands/{kiln.slug}/export/").status_code == 404
    bowl.refresh_from_db()
    assert (bowl.name, bowl.retired_at) == ("Celadon Bowl", None)
    assert Picture.objects.count() == 1


# ---------------------------------------------------------------- by file
def test_good_lines_are_applied_bad_ones_told_and_again_changes_nothing(kiln, bowl, alice):
    raw = (
        "sku,name,price,link,aliases,active\n"
        f"B-1,Celadon Bowl,138,{SHOP},青瓷碗,yes\n"
        "C-1,Tea Cup,45.5,,,\n"
        "C-2,Bad price,free,,,\n"
        "C-3,Bad link,1,javascript:alert(1),,\n"
        ",,1,,,\n"
        "C-4,Saucer,9,,,no\n"
        "C-4,Saucer again,9,,,perhaps\n"
    ).encode()
    report = import_products(actor=alice, slug=kiln.slug, raw=raw, now=NOW)
    assert (report.added, report.changed, report.same) == (2, 1, 0)
    assert [number for number, _why in report.faults] == [4, 5, 6, 8]
    bowl.refresh_from_db()
    assert bowl.price == 13_800
    cup = Product.objects.get(sku="C-1")
    assert (cup.price, cup.currency) == (4_550, "CNY")
    assert Product.objects.get(sku="C-4").retired_at is not None
    before = list(Product.objects.order_by("pk").values()), kiln.log.count()
    later = NOW + timezone.timedelta(hours=1)
    again = import_products(actor=alice, slug=kiln.slug, raw=raw, now=later)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    assert (list(Product.objects.order_by("pk").values()), kiln.log.count()) == before


def test_columns_that_are_not_there_are_left_alone(kiln, bowl, alice):
    raw = b"sku,name\nB-1,Celadon Bowl, small\n".replace(b", small", b"")
    import_products(actor=alice, slug=kiln.slug, raw=raw, now=NOW)
    bowl.refresh_from_db()
    assert (bowl.price, bowl.link, bowl.aliases) == (12_800, SHOP, ["青瓷碗"])


def test_a_name_with_another_number_is_told_and_not_merged(kiln, bowl, alice):
    raw = b"sku,name\nB-2,Celadon Bowl\n"
    report = import_products(actor=alice, slug=kiln.slug, raw=raw, now=NOW)
    assert report.applied == 0
    assert len(report.faults) == 1


def test_what_goes_out_comes_back_as_it_was_and_runs_nowhere(kiln, bowl, alice):
    evil = products.ProductFacts(name="=HYPERLINK(1)", sku="+1", about="@SUM(A1)\n-2", price=1)
    products.add_product(actor=alice, slug=kiln.slug, facts=evil, now=NOW)
    text = exported(kiln)
    assert text.startswith("\ufeff")
    assert "'=HYPERLINK" in text
    assert "'+1" in text
    assert "'@SUM" in text
    report = import_products(actor=alice, slug=kiln.slug, raw=text.encode(), now=NOW)
    assert (report.applied, report.same, report.faults) == (0, 2, [])


def test_by_page_a_file_in_gb18030_is_taken_and_faults_are_listed(client, kiln, alice):
    client.force_login(alice)
    raw = "名称,价格\n青瓷碗,128\n,5\n".encode("gb18030")
    address = f"/my/brands/{kiln.slug}/import/"
    page = client.post(address, {"file": SimpleUploadedFile("a.csv", raw)}).content.decode()
    assert "1 added" in page
    assert "Line 3" in page
    assert client.post(address, {}).status_code == 400
    assert client.post(address, {"file": SimpleUploadedFile("a.csv", b"PK")}).status_code == 400


def test_by_command(kiln, tmp_path, capsys):
    file = tmp_path / "a.csv"
    file.write_text("name\nCup\n!!!\n", encoding="utf-8")
    for expected in ("1 added, 0 changed, 0 as they were, 1", "0 added, 0 changed, 1 as they"):
        call_command("import_products", kiln.slug, str(file))
        told = capsys.readouterr()
        assert expected in told.out
        assert "Line 3" in told.err
    assert kiln.log.filter(act="imported", actor=None).count() == 1
    for arguments in ((kiln.slug, str(tmp_path / "none.csv")), ("nobody", str(file))):
        with pytest.raises(CommandError):
            call_command("import_products", *arguments)


# ---------------------------------------------------------------- found by search
@pytest.mark.parametrize(
    ("query", "brands", "found"),
    [
        ("tidal kiln", 0, 0), ("潮汐窑 好用吗", 1, 0), ("TK-Ceramics review", 1, 0),
        ("best celadon bowl ever", 0, 1), ("我想买青瓷碗", 0, 1),
        ("ＣＥＬＡＤＯＮ　ＢＯＷＬ", 0, 1),
        ("celadon", 0, 1), ("bowl", 0, 0), ("ado", 0, 0), ("", 0, 0), ("\0", 0, 0),
        ("潮汐窑青瓷碗", 1, 1),
    ],
)  # fmt: skip
def test_a_query_finds_what_it_names(kiln, bowl, query, brands, found):
    named = named_in(query)
    # "Tidal Kiln 潮汐窑" begins with "tidal kiln".
    brands = 1 if query == "tidal kiln" else brands
    assert (len(named.brands), len(named.products)) == (brands, found)


def test_the_search_page_shows_the_cards_above_the_notes(
    client, bowl, django_assert_max_num_queries
):
    page = client.get("/search/?q=青瓷碗").content.decode()
    assert f'href="/products/{bowl.pk}/"' in page
    products.retire_product(actor=bowl.brand.members.get().person, product_id=bowl.pk, now=NOW)
    assert f'href="/products/{bowl.pk}/"' not in client.get("/search/?q=青瓷碗").content.decode()
    with django_assert_max_num_queries(4):
        named_in("青瓷碗 tidal kiln 潮汐窑 celadon bowl")


def test_programs_are_told_what_a_query_names(client, bowl):
    told = client.get("/api/v1/search/?q=青瓷碗").json()
    assert [row["name"] for row in told["products"]] == ["Celadon Bowl"]
    assert (told["brands"], told["notes"]) == ([], [])
    told = client.get("/api/v1/search/?q=潮汐窑").json()
    assert [row["slug"] for row in told["brands"]] == ["tidalkiln"]
    other = client.get("/api/v1/search/?q=青瓷碗&type=tags").json()
    assert (other["brands"], other["products"]) == ([], [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("celadon", True), ("bowl", True), ("my celadon bowl", True), ("青瓷碗 好看吗", True),
        ("tidal", True), ("elad", False), ("cup", False), ("%", False), ("\0", False),
    ],
)  # fmt: skip
def test_products_have_a_list_of_their_own(client, bowl, query, found):
    page = client.get("/search/", {"q": query, "tab": "products"}).text
    assert page.count(f'href="/products/{bowl.pk}/"') == found
    assert ("Nothing for" in page) is not (found or query == "\0")
    # A program that sends what no text holds is told so.
    if query != "\0":
        told = client.get("/api/v1/search/", {"q": query, "type": "products"}).json()
        assert [row["id"] for row in told["products"]] == [bowl.pk] * found
        assert told["type"] == "products"


def test_a_list_of_products_costs_the_same_for_many(
    client, bowl, alice, django_assert_max_num_queries
):
    products.add_product(
        actor=alice,
        slug=bowl.brand.slug,
        facts=products.ProductFacts(
            name="Celadon Cup", sku="C", price=1, currency="CNY", link=SHOP
        ),
        now=NOW,
    )
    with django_assert_max_num_queries(5):
        assert [product.name for product in find_products("celadon bowl cup")] == ["Celadon Bowl"]
    with django_assert_max_num_queries(5):
        assert len(find_products("celadon")) == 2
    products.retire_product(actor=alice, product_id=bowl.pk, now=NOW)
    assert [product.name for product in find_products("celadon")] == ["Celadon Cup"]


@pytest.mark.parametrize(
    ("begun", "rows"),
    [
        ("cela", ["product Celadon Bowl"]), ("青", []), ("青瓷", ["product Celadon Bowl"]),
        ("tida", ["brand Tidal Kiln 潮汐窑"]), ("TK C", ["brand Tidal Kiln 潮汐窑"]),
        ("bowl", []), ("c", []), ("", []),
    ],
)  # fmt: skip
def test_who_still_types_is_offered_brands_and_products(client, bowl, begun, rows):
    told = client.get("/api/v1/search/suggest/", {"q": begun}).json()["results"]
    named = [row for row in told if row["kind"] in ("brand", "product")]
    assert [f"{row['kind']} {row['text']}" for row in named] == rows
    page = client.get("/search/suggest/", {"q": begun}).content.decode()
    assert (f'data-url="/products/{bowl.pk}/"' in page) == ("product Celadon Bowl" in rows)


def test_what_is_no_longer_there_is_offered_to_nobody(client, bowl, alice):
    products.retire_product(actor=alice, product_id=bowl.pk, now=NOW)
    Brand.objects.update(suspended_at=NOW)
    for begun in ("cela", "tida"):
        assert client.get("/api/v1/search/suggest/", {"q": begun}).json() == {"results": []}


# ---------------------------------------------------------------- the way out
def clicked(bowl):
    return sum(ProductClicks.objects.filter(product=bowl).values_list("clicks", flat=True))


def test_the_way_out_leads_to_the_shop_and_counts_each_viewer_once(client, bowl, bob):
    for _ in range(3):
        answer = client.get(f"/out/products/{bowl.pk}/", **PERSON)
        assert answer.status_code == 302
        assert answer["Location"] == SHOP
        assert answer["Cache-Control"] == "private, no-store"
    assert clicked(bowl) == 1
    client.force_login(bob)
    client.get(f"/out/products/{bowl.pk}/", **PERSON)
    client.get(f"/out/products/{bowl.pk}/", **PERSON, REMOTE_ADDR="203.0.113.9")
    assert clicked(bowl) == 2


def link_of(page):
    """The way out that a page shows."""
    return re.search(r'href="(/out/products/[^"]+)"', page)[1]


def test_a_click_is_put_down_to_the_note_that_led_there(
    client, bowl, alice, bob, charlie, make_note
):
    note, other = make_note(bob), make_note(bob)
    link_products(note, [bowl.pk])
    assert (
        f'href="/products/{bowl.pk}/?note={note.pk}"'
        in client.get(f"/notes/{note.pk}/").content.decode()
    )
    for person, page in (
        (None, f"/products/{bowl.pk}/?note={note.pk}"),
        (charlie, f"/products/{bowl.pk}/"),
        # The author themselves, and a note that does not link it: clicks of the product only.
        (bob, f"/products/{bowl.pk}/?note={note.pk}"),
        (alice, f"/products/{bowl.pk}/?note={other.pk}"),
    ):
        if person:
            client.force_login(person)
        client.get(link_of(client.get(page).content.decode()), **PERSON)
    assert clicked(bowl) == 4
    assert list(NoteClicks.objects.values_list("note", "product", "clicks")) == [
        (note.pk, bowl.pk, 1)
    ]
    report = report_on(bowl, 7, viewer=alice, now=NOW)
    assert (report.total, report.notes, report.elsewhere) == (4, [(note, 1)], 3)
    told = client.get(f"/api/v1/products/{bowl.pk}/clicks/?days=7").json()
    assert (told["total"], told["elsewhere"]) == (4, 3)
    assert told["notes"] == [{"note": note.pk, "clicks": 1}]
    file = b"".join(client.get(f"/my/products/{bowl.pk}/clicks.csv")).decode("utf-8-sig")
    today = timezone.localdate().isoformat()
    assert file.splitlines() == [
        "day,note,clicks", f"{today},elsewhere,3", f"{today},{note.pk},1",
    ]  # fmt: skip
    assert str(note) in client.get(f"/my/products/{bowl.pk}/clicks/").content.decode()


def test_a_note_that_the_team_may_not_see_is_told_as_elsewhere(bowl, alice, bob, make_note):
    note = make_note(bob)
    NoteClicks.objects.create(note=note, product=bowl, day=timezone.localdate(), clicks=2)
    ProductClicks.objects.create(product=bowl, day=timezone.localdate(), clicks=2)
    Note.objects.filter(pk=note.pk).update(visibility="private")
    report = report_on(bowl, 7, viewer=alice, now=NOW)
    assert (report.notes, report.elsewhere) == ([], 2)


@pytest.mark.parametrize("page", ["/my/products/{}/clicks/", "/my/products/{}/clicks.csv",
                                  "/api/v1/products/{}/clicks/"])  # fmt: skip
def test_clicks_are_for_the_team(client, bowl, bob, page):
    client.force_login(bob)
    assert client.get(page.format(bowl.pk)).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Googlebot/2.1"}, {"HTTP_USER_AGENT": ""},
        {"HTTP_USER_AGENT": "curl/8.1"}, {"HTTP_USER_AGENT": "python-requests/2"},
        PERSON | {"HTTP_SEC_PURPOSE": "prefetch;prerender"}, PERSON | {"HTTP_PURPOSE": "prefetch"},
        PERSON | {"HTTP_X_MOZ": "prefetch"},
    ],
)  # fmt: skip
def test_robots_and_what_is_fetched_ahead_are_led_and_not_counted(client, bowl, headers):
    assert client.get(f"/out/products/{bowl.pk}/", **headers).status_code == 302
    assert client.head(f"/out/products/{bowl.pk}/", **PERSON).status_code == 302
    assert clicked(bowl) == 0


def test_a_link_that_became_unsafe_leads_nowhere(client, bowl, settings):
    settings.LINK_HOSTS_DENIED = ["tidalkiln.com"]
    answer = client.get(f"/out/products/{bowl.pk}/", **PERSON)
    assert answer.status_code == 400
    assert "does not link" in answer.content.decode()
    Product.objects.update(link="javascript:alert(1)")
    assert client.get(f"/out/products/{bowl.pk}/", **PERSON).status_code == 400
    assert clicked(bowl) == 0


def test_links_on_pages_say_what_they_are(client, bowl):
    page = client.get(f"/products/{bowl.pk}/").content.decode()
    link = page[page.index(f'href="/out/products/{bowl.pk}/"') :][:200]
    assert 'rel="nofollow sponsored noopener noreferrer"' in link
    assert SHOP not in page


def test_a_line_that_conflicts_leaves_no_trace_for_those_after_it(kiln, bowl, alice):
    raw = (
        b"sku,name\n"
        b"B-1,Winter Bowl\n"  # another name by its number
        b"C-1,Cup\n"
        b"C-1,Winter Bowl\n"  # a name that is another's
        b"C-1,Cup\n"
        b",Celadon Bowl\n"  # free again: another product
    )
    report = import_products(actor=alice, slug=kiln.slug, raw=raw, now=NOW)
    assert (report.added, report.changed, report.same) == (2, 1, 1)
    assert [number for number, _why in report.faults] == [4]
    names = set(kiln.products.values_list("sku", "name"))
    assert names == {("B-1", "Winter Bowl"), ("C-1", "Cup"), ("", "Celadon Bowl")}


def test_who_is_sent_off_the_team_meanwhile_imports_no_further_batch(
    kiln, alice, bob, join, monkeypatch
):
    member = join(bob)
    monkeypatch.setattr(importing, "BATCH", 2)
    asked = importing.team_member

    def ask(*about):
        found = asked(*about)
        member.delete()  # by an owner, as soon as the first batch is in
        return found

    monkeypatch.setattr(importing, "team_member", ask)
    raw = b"name\nA1\nA2\nA3\nA4\n"
    with pytest.raises(NotFound):
        import_products(actor=bob, slug=kiln.slug, raw=raw, now=NOW)
    assert set(kiln.products.values_list("name", flat=True)) == {"A1", "A2"}
    assert kiln.log.filter(act="imported", actor=bob, words="+2 ~0").count() == 1
