"""Rules as tables: links, names, roles, cells."""

from __future__ import annotations

import pytest

from accounts.spreadsheets import as_meant, safe_cell
from community.brands.csv_rows import FileRefused, decoded, lines_of
from community.brands.links import HostRules, LinkRefused, host_of, safe_link
from community.brands.rules import (
    Right,
    Role,
    cleaned_aliases,
    keys_within,
    may,
    may_give,
    name_key,
)

GOOD = {
    "https://shop.tidalkiln.com": "https://shop.tidalkiln.com/",
    "HTTP://Shop.TidalKiln.com:80/Bowl?x=1#top": "http://shop.tidalkiln.com/Bowl?x=1#top",
    "https://shop.tidalkiln.com:8443/a": "https://shop.tidalkiln.com:8443/a",
    "https://潮汐窑.中国/青瓷": "https://xn--usw99doxn.xn--fiqs8s/%E9%9D%92%E7%93%B7",
    "https://bücher.de/": "https://xn--bcher-kva.de/",
    "https://shop.tidalkiln.com./x": "https://shop.tidalkiln.com/x",
    "https://shop.tidalkiln.com/a%20b": "https://shop.tidalkiln.com/a%20b",
    'https://shop.tidalkiln.com/"><script>': "https://shop.tidalkiln.com/%22%3E%3Cscript%3E",
    "https://9gag.com/": "https://9gag.com/",
}
BAD = {
    "scheme": [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://a.com/",
        "//a.com/", "a.com", "vbscript:x", "file:///etc/passwd", "mailto:a@b.com", "",
        "htps://a.com/x",
    ],
    "characters": [
        "java\nscript:alert(1)", "https://a.com/\x00", "https://a.com/ b", "https://a.com\\@b.com",
        "https://a.com/\u202egnp", "\u200bhttps://a.com/", "https://a\t.com/", "https:\\\\a.com",
    ],
    "userinfo": ["https://a.com@evil.com/", "https://user:pw@a.com/", "https://@a.com/"],
    "private": [
        "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.0.1/", "http://169.254.169.254/",
        "http://0.0.0.0/", "http://100.64.0.1/", "http://[::1]/", "http://[fe80::1]/",
        "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://localhost/", "http://LOCALHOST./",
        "http://a.localhost/", "http://printer.local/", "http://db.internal/", "http://intranet/",
        "http://router.lan/", "http://１２７.０.０.１/", "http://127。0。0。1/", "http://x.home.arpa/",
    ],
    "number": [
        "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://127.1/", "http://1.1.1.1/", "http://[2606:4700::1111]/", "http://a.1/",
        "http://0x7F.0x0.0x0.0x1/", "http://①②⑦.0.0.1.5/", "http://017700000001/", "http://a.0x/",
    ],
    "port": ["https://a.com:22/", "https://a.com:0/", "https://a.com:6379/", "http://a.com:25"],
    "not_an_address": [
        "https:///x", "https:a.com/x", "https://", "https://a..com/", "https://-a.com/", "https://a_b.com/",
        "https://a.com:99999/", "https://[::1/", "https://%31%32%37.0.0.1/", "https://a.com:x/",
        "https://" + "a" * 64 + ".com/",
    ],
    "disguise": ["https://gооgle.com/", "https://xn--ggle-55da.com/"],
    "too_long": ["https://a.com/" + "a" * 500, "https://a.com/" + "中" * 60],
}  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), GOOD.items())
def test_a_good_link_is_kept_in_ascii(typed, kept):
    assert safe_link(typed) == kept
    assert safe_link(kept) == kept
    assert kept.isascii()


@pytest.mark.parametrize(("code", "typed"), [(code, one) for code in BAD for one in BAD[code]])
def test_a_bad_link_is_refused_for_what_is_bad(code, typed):
    with pytest.raises(LinkRefused) as refused:
        safe_link(typed)
    assert refused.value.code == code


def test_operators_allow_and_deny_hosts_with_all_below_them():
    denied = HostRules(denied=["evil.com"])
    assert safe_link("https://notevil.com/", denied)
    for link in ("https://evil.com/", "https://a.evil.com/"):
        with pytest.raises(LinkRefused):
            safe_link(link, denied)
    allowed = HostRules(allowed=["tidalkiln.com"])
    assert safe_link("https://shop.tidalkiln.com/", allowed)
    with pytest.raises(LinkRefused):
        safe_link("https://other.com/", allowed)


def test_the_host_is_shown_without_www():
    assert host_of("https://www.tidalkiln.com/x") == "tidalkiln.com"


# ---------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tidal Kiln", "tidal-kiln"),
        ("ＴＩＤＡＬ　ＫＩＬＮ", "Tidal Kiln"), ("Café Crème", "cafe creme"),
        ("潮汐 窑", "潮汐窑"), ("Kiln® 2", "kiln 2"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("query", "name", "inside"),
    [
        ("where to buy a tidal kiln bowl", "Tidal Kiln", True),
        ("潮汐窑的碗好用吗", "潮汐窑", True),
        ("青瓷碗celadon推荐", "Celadon", True),
        ("tidalkiln", "Tidal Kiln", False),
        ("art", "Tart", False),
        ("tart", "art", False),
    ],
)
def test_a_name_is_found_in_a_query_as_whole_words(query, name, inside):
    assert (name_key(name) in keys_within(query)) is inside


def test_a_long_query_is_read_to_a_bound():
    assert len(keys_within("字" * 5_000 + " a b c" * 500)) <= 1_200


def test_aliases_repeat_neither_one_another_nor_the_name():
    assert cleaned_aliases(["TK", "tk", " ", "Tidal  Kiln", "窑"], name="tidal kiln") == [
        "TK",
        "窑",
    ]


# ---------------------------------------------------------------- roles
def test_roles_do_what_the_table_says():
    table = {
        Role.OWNER: set(Right),
        Role.MANAGER: {
            Right.PRODUCTS,
            Right.PAGE,
            Right.INVITE,
            Right.COLLABORATE,
            Right.CAMPAIGN,
        },
        Role.EDITOR: {Right.PRODUCTS},
        "former": set(),
    }
    assert {role: {r for r in Right if may(role, r)} for role in table} == table
    gives = {(a, b) for a in (*Role, "former") for b in (*Role, "king") if may_give(a, b)}
    assert gives == {(Role.OWNER, role) for role in Role} | {(Role.MANAGER, Role.EDITOR)}


# ---------------------------------------------------------------- cells
@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_are_neutral_going_out_and_themselves_coming_back(cell):
    assert safe_cell(cell).startswith("'")
    assert as_meant(safe_cell(cell.strip())) == cell.strip()


def test_an_apostrophe_of_ones_own_stays():
    assert as_meant("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert safe_cell("O'Neill") == "O'Neill"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_chinese_files_are_read_in_their_encodings(encoding, mark):
    text = f"货号{mark}名称{mark}价格\r\n1{mark}青瓷碗{mark}128\r\n"
    [line] = lines_of(decoded(text.encode(encoding)))
    assert line.cells == {"sku": "1", "name": "青瓷碗", "price": "128"}
    assert (line.number, line.fault) == (2, "")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"PK\x03\x04sheet", "not_csv"), (b"%PDF-1.7", "not_csv"), (b"\xff\xfen\x00", "not_csv"),
        (b"name\n" + b"\xff\xff\xff", "encoding"), (b"x" * 2_097_153, "too_large"),
        (b"", "no_names"), (b"price\n1\n", "no_names"),
    ],
)  # fmt: skip
def test_files_that_are_no_catalogue_are_refused_as_a_whole(raw, code):
    with pytest.raises(FileRefused) as refused:
        list(lines_of(decoded(raw)))
    assert refused.value.code == code


def test_bad_lines_are_told_by_number_and_the_others_read():
    text = (
        "name,price,active\n"
        "Good,1,yes\n"
        "\n"
        "Nul\0,1,yes\n"
        "Maybe,1,perhaps\n"
        "More,1,yes,extra\n"
        f"{'x' * 3_001},1,yes\n"
        '"Two\nlines",2,no\n'
        "Last,3,否\n"
    )
    found = [(line.number, line.fault) for line in lines_of(text)]
    assert found == [
        (2, ""), (4, "characters"), (5, "active"), (6, "more_cells"), (7, "too_long"), (9, ""),
        (10, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("rest", ['"Cup', '"Cup,2\nJug,3\n', 'Mug "blue",4\n"Cup,2\nJug,3\n'])
def test_a_quotation_mark_that_is_never_closed_swallows_no_products(rest):
    found = list(lines_of(f"name,sku\nBowl,1\n{rest}"))
    assert found[0].cells["name"] == "Bowl"
    begins = f"Bowl,1\n{rest}".split('"Cup')[0].count("\n") + 2
    assert (found[-1].number, found[-1].fault, found[-1].cells) == (begins, "unreadable", {})
    assert all("Jug" not in line.cells.get("name", "") for line in found)


def test_rows_beyond_the_most_end_the_reading():
    text = "name\n" + "a\n" * 2_005
    lines = list(lines_of(text))
    assert len(lines) == 2_001
    assert (lines[-1].number, lines[-1].fault) == (2_002, "too_many")


def test_a_cell_larger_than_the_csv_module_takes_is_a_fault_and_not_the_end():
    text = "name\n" + "x" * 200_000 + "\nGood\n"
    assert [line.fault for line in lines_of(text)] == ["unreadable", ""]
