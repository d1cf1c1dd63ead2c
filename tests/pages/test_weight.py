"""How much goes over the line before a page is whole. Pictures are not counted."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
# The goal is 100 kB; what is under it stays under it.
DISCOVER = 60_000
ALL_SCRIPTS = 60_000


@pytest.mark.django_db
def test_discover_is_light(
    make_person: Callable[..., Any], make_note: Callable[..., Any], work_off: Callable[..., int]
) -> None:
    for n in range(20):
        make_note(make_person(f"writer{n}"), title=f"What the tide left behind, number {n}")
    work_off()
    page = Client().get("/").content.decode()
    assert page.count("<article") >= 15
    named = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)
    named += re.findall(r'<script [^>]*src="/static/([^"]+)"', page)
    assert {"css/rockpool.css", "js/rockpool.js", "js/feed.js"} <= set(named)
    files = with_imports(Path(str(finders.find(name))) for name in named)
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files}
    assert sum(sizes.values()) + len(gzip.compress(page.encode())) <= DISCOVER, sizes


def test_all_scripts_of_all_pages_together_are_light() -> None:
    """No page loads them all. The worker loads beside pages, and the desk is not for readers."""
    beside = {SCRIPTS / "sw.js", SCRIPTS / "desk.js"}
    files = [*set(SCRIPTS.glob("*.js")) - beside]
    files.append(Path(str(finders.find("django_htmx/htmx-2.min.js"))))
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= ALL_SCRIPTS


def with_imports(files: Iterable[Path]) -> set[Path]:
    """These, and the modules that they import."""
    known: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in known:
            known.add(file)
            names = re.findall(r'from "\./([\w-]+\.js)"', file.read_text())
            waiting += [file.parent / name for name in names]
    return known
