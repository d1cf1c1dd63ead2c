"""Sentences about brands, products and links."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import Invalid

from .links import HostRules, LinkRefused, safe_link

LINK_REFUSALS: dict[str, Promise | str] = {
    "too_long": _("An address has at most 500 characters."),
    "characters": _("An address holds no blanks, backslashes or invisible characters."),
    "not_an_address": _("This is not an address."),
    "scheme": _("Give an address that begins with https:// or http://."),
    "userinfo": _("An address must not hold a name or password."),
    "private": _("This address leads into a private network, where readers cannot follow."),
    "number": _("Give the name of the site rather than a number."),
    "port": _("Only the ports 80, 443, 8080 and 8443 are linked to."),
    "disguise": _("This name mixes alphabets and looks like another one."),
    "host": _("This community does not link to that site."),
}
FILE_REFUSALS: dict[str, Promise | str] = {
    "too_large": _("A file is at most 2 MB large. Send it in parts."),
    "not_csv": _("This is not a CSV file. Save the sheet as CSV and send that."),
    "encoding": _("The file is neither UTF-8 nor GB18030. Save it as CSV in UTF-8."),
    "no_names": _("The first line must name the columns, “name” among them."),
}
LINE_REFUSALS: dict[str, Promise | str] = {
    "unreadable": _("This line cannot be read as CSV."),
    "characters": _("This line holds characters that no text has."),
    "too_long": _("A cell is too long."),
    "more_cells": _("This line has more cells than the first one has columns."),
    "active": _("Whether it is offered is said by yes or no."),
    "too_many": _("A file has at most 2000 rows. Send the rest in another."),
}


def checked_link(typed: str, *, field: str) -> str:
    """The link as it is kept; empty stays empty. Raises Invalid with the sentence that says why."""
    if not typed.strip():
        return ""
    rules = HostRules(settings.LINK_HOSTS_ALLOWED, settings.LINK_HOSTS_DENIED)
    try:
        return safe_link(typed, rules)
    except LinkRefused as refused:
        raise Invalid(LINK_REFUSALS[refused.code], field=field, code=refused.code) from refused
