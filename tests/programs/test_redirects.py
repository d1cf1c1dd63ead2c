"""Addresses to return to: what a program may name, and what counts as the same."""

from __future__ import annotations

import pytest

from accounts.programs.redirects import allows, is_redirect, origin_of

GOOD = [
    "https://example.org/", "https://example.org", "https://example.org/done?x=1",
    "https://a.b:8443/c", "http://127.0.0.1/done", "http://127.0.0.1:9/done", "http://[::1]/done",
    "org.example.app:/done", "com.example-app.x://host/done",
]  # fmt: skip
BAD = [
    "", "example.org", "http://example.org/", "http://localhost/done", "https://",
    "http://127.0.0.1.evil.example/", "https:///done", "https:example.org",
    "https://a@b.example/", "https://a:b@c.example/", "https://example.org/#x",
    "https://example.org/a b", "https://exam\u200bple.org/", "https://例.org/",
    "https://example.org:99999/", "https://example.org:0/", "https://example.org:x/",
    "https://[::1/", "javascript:alert(1)", "javascript.x", "data:text/html,x",
    "file:///etc/passwd", "vbscript:x", "app:/done", "myapp://done", "HTTPS://example.org/",
    "https://example.org/a/../b", "https:\\\\a.b\\", "https://example.org/<script>",
    'https://example.org/"', "https://example.org/\n", "blob:https://a.b/", "org.example.app:",
    "https://" + "a" * 300 + ".org/",
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_good_addresses_may_be_named(address):
    assert is_redirect(address)
    assert allows([address], address)


@pytest.mark.parametrize("address", BAD)
def test_bad_addresses_may_not(address):
    assert not is_redirect(address)
    assert not allows([address], address)


@pytest.mark.parametrize(("named", "asked", "same"), [
    ("https://a.b/c", "https://a.b/c", True),
    ("https://a.b/c", "https://a.b/c/", False),
    ("https://a.b/c", "https://a.b:443/c", False),
    ("https://a.b/c", "https://a.b/c?d", False),
    ("http://127.0.0.1/c", "http://127.0.0.1:5/c", True),
    ("http://[::1]:1/c", "http://[::1]:2/c", True),
    ("http://127.0.0.1/c", "http://[::1]/c", False),
    ("http://127.0.0.1/c", "http://127.0.0.1/d", False),
])  # fmt: skip
def test_letter_by_letter_but_for_the_port_of_ones_own_machine(named, asked, same):
    assert allows([named], asked) is same


def test_the_policy_names_the_place_behind_an_address():
    assert origin_of("https://a.b:8443/c?d") == "https://a.b:8443"
    assert origin_of("http://[::1]:9/c") == "http://[::1]:9"
    assert origin_of("org.example.app:/done") == "org.example.app:"
