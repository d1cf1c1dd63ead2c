"""What a person types leads to nobody's router, database or cloud metadata."""

from __future__ import annotations

import socket

import pytest

from accounts.errors import Invalid
from community.webhooks import addresses, posting
from community.webhooks.addresses import Unreachable, numbers_of, parse

pytestmark = pytest.mark.letter("E6")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org:22/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        "https://例え.jp/",
        "https://example.org/a b",
        "https://example.org/\r\nx: y",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 500,
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_with_a_sentence(url):
    with pytest.raises(Invalid) as refused:
        parse(url)
    assert str(refused.value)
    assert refused.value.field == "url"


def test_an_address_is_taken_apart():
    found = parse("https://example.org:8443/in?key=1#gone")
    assert (found.host, found.port, found.target) == ("example.org", 8443, "/in?key=1")
    assert parse("https://example.org").target == "/"


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",  # noqa: S104
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_not_called(number, monkeypatch):
    _names(monkeypatch, [number])
    with pytest.raises(Unreachable):
        numbers_of(parse("https://innocent.example/"))


def test_one_private_number_among_public_ones_is_enough_to_refuse(monkeypatch):
    _names(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(Unreachable):
        numbers_of(parse("https://innocent.example/"))


def test_decimal_and_hexadecimal_numbers_are_resolved_before_they_are_judged():
    for host in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"):
        with pytest.raises((Unreachable, Invalid)):
            numbers_of(parse(f"https://{host}/"))


def test_the_number_that_was_checked_is_the_one_that_is_called(monkeypatch):
    """A name that answers differently the second time gains nothing."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked, called = [], []

    def look_up(host, port, **how):
        asked.append(host)
        return [(0, 0, 0, "", (number, port)) for number in answers[len(asked) - 1]]

    def connect(where, timeout):
        called.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(posting.socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        posting.post(parse("https://rebinding.example/"), b"{}", {})
    assert called == [("93.184.216.34", 443)]
    assert asked == ["rebinding.example"]


def test_a_name_that_nobody_knows_is_said_so(monkeypatch):
    def look_up(*_args, **_how):
        raise socket.gaierror

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    with pytest.raises(Unreachable, match="no address"):
        numbers_of(parse("https://nobody.example/"))


def _names(monkeypatch, numbers):
    rows = [(0, 0, 0, "", (number, 443)) for number in numbers]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_a, **_k: rows)
