"""Before publishing: the report follows what is typed; without scripts a button brings it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "Cooling slowly"
BODY = (
    "Eighty degrees an hour from the peak down to six hundred, then I let it rest, door shut,"
    " until morning. The crystals in the glaze had all night to grow, and it shows on the shoulder."
)


def test_the_report_follows_what_is_typed_and_names_the_note_that_is_copied(arrive):
    writer, copier = arrive(), arrive()
    writer.sign_up("slow.cooler", "pottery", "food", "travel")
    page = writer.page
    page.goto("/compose/")
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "pottery")
    panel = page.locator(".compose__quality")
    expect(panel).to_contain_text("The note has no title.")
    page.fill("input[name=title]", TITLE)
    expect(panel).not_to_contain_text("The note has no title.")
    expect(panel).to_contain_text("Above the bar of Pottery")
    page.click("button[value=publish]")
    page.wait_for_url(re.compile(r"/notes/\d+/$"))

    copier.sign_up("fast.copier", "pottery", "food", "travel")
    copier.page.goto("/compose/")
    copier.page.fill("input[name=title]", "My own words")
    panel = copier.page.locator(".compose__quality")
    for spaces in range(40):  # until the worker has looked at the note: each letter asks again
        copier.page.fill("textarea[name=body]", BODY + " " * (spaces % 2))
        copier.page.wait_for_timeout(1500)
        if TITLE in panel.inner_text():
            break
    expect(panel).to_contain_text("It repeats another note")
    expect(panel).to_contain_text(f"Very like “{TITLE}”")


def test_without_scripts_a_button_saves_the_draft_and_shows_its_report(arrive):
    writer = arrive(scripts=False)
    writer.sign_up("plain.writer", "pottery", "food", "travel")
    page = writer.page
    page.goto("/compose/")
    page.fill("textarea[name=body]", "Short.")
    page.click("button[value=check]")
    page.wait_for_url(re.compile(r"/notes/\d+/quality/$"))
    expect(page.locator(".quality")).to_contain_text("The text is short.")
    page.click("text=Go on writing")
    expect(page.locator("textarea[name=body]")).to_have_value("Short.")
