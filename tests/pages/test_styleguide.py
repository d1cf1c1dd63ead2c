"""The style guide: for staff alone, and of the parts that pages are made of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from feeds.styleguide.tokens import read_tokens
from feeds.styleguide.views import PARTS
from tests.rows import changed, contents

STYLESHEET = (Path(settings.BASE_DIR) / "static/css/rockpool.css").read_text("utf-8")


@pytest.fixture
def keeper(make_person):
    person = make_person("keeper")
    person.is_staff = True
    person.save()
    return person


def test_the_style_guide_is_no_page_for_others(as_person, alice):
    assert as_person(alice).get("/styleguide/").status_code == 404
    assert as_person(None).get("/styleguide/").status_code == 404


def test_staff_see_every_part_in_both_themes(as_person, keeper):
    html = as_person(keeper).get("/styleguide/").content.decode()
    assert html.count('data-theme="light"') == html.count('data-theme="dark"') == len(PARTS)
    for sign in ("card--tall", "card--wide", "card--paid", "card__video", "card__words",
                 "card__label", "field__error", "notice--bad", "toast", "empty", "skeletons",
                 "dock", "tabs", "chart", "week", "menu-list", "comment", "is-unread",
                 "card--veiled"):  # fmt: skip
        assert html.count(f'"{sign}') + html.count(f" {sign}") >= 2, sign


def test_no_id_stands_on_it_twice(as_person, keeper):
    html = as_person(keeper).get("/styleguide/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_looking_at_it_writes_nothing(as_person, keeper):
    client = as_person(keeper)
    client.get("/styleguide/")
    before = contents()
    client.get("/styleguide/")
    assert changed(before, contents()) == {}


def test_all_tokens_of_the_stylesheet_are_shown(as_person, keeper):
    html = as_person(keeper).get("/styleguide/").content.decode()
    tokens = read_tokens(STYLESHEET)
    everything = tokens.colours + tokens.sizes + tokens.spaces + tokens.others
    assert {"ground", "coral", "teal", "ink"} <= {token.name for token in tokens.colours}
    assert [token.name for token in everything if f"<b>{token.name}</b>" not in html] == []


@pytest.mark.parametrize(
    ("declared", "shelf"),
    [
        ("--ground: #fff;", "colours"),
        ("--ground: light-dark(#fff, #0e1719);", "colours"),
        ("--xl: 1.35rem;", "sizes"),
        ("--s12: 3rem;", "spaces"),
        ("--shadow: 0 1px 2px #0004;", "others"),
        ("--swift: 140ms ease;", "others"),
    ],
)
def test_a_token_lies_on_its_shelf(declared, shelf):
    tokens = read_tokens("@layer tokens {\n  :root { " + declared + " }\n}\n")
    assert len(getattr(tokens, shelf)) == 1


def test_the_value_declared_last_is_told():
    tokens = read_tokens("@layer tokens {\n :root { --ink: #111; } :root { --ink: #222; }\n}\n")
    assert [token.value for token in tokens.colours] == ["#222"]
