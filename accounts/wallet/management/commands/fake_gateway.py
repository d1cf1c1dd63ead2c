"""Opens the practice gateway: one page with two buttons, which tells the community what was
pressed, signed as a real gateway would."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.html import format_html

from accounts.wallet.fake_gateway import FakeGateway, callback, sign

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Practice gateway</title>
<meta name="viewport" content="width=device-width">
<body style="font: 1.1rem system-ui; margin: 3rem">
<h1>Practice gateway</h1><p>{} {} minor units. No money moves here.</p><form method="post">
<button name="paid" value="yes">Pay</button> <button name="paid" value="no">Give up</button></form>
"""
ANSWER_WITHIN = 10


class Counter(BaseHTTPRequestHandler):
    """The order stands in the address, signed by the community."""

    def do_GET(self) -> None:
        order = order_of(self.path)
        if order is None:
            return self.send_error(400, "This order is not signed by the community")
        page = format_html(PAGE, order["amount"], order["currency"]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def do_POST(self) -> None:
        order = order_of(self.path)
        if order is None:
            return self.send_error(400, "This order is not signed by the community")
        length = min(int(self.headers.get("Content-Length") or 0), 1_000)
        pressed = dict(parse_qsl(self.rfile.read(length).decode("ascii", "replace")))
        try:
            tell(order, paid=pressed.get("paid") == "yes")
        except urllib.error.URLError as trouble:
            return self.send_error(502, f"The community did not take it: {trouble}")
        self.send_response(303)
        self.send_header("Location", order["back"])
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """The community's own log is enough."""


def order_of(address: str) -> dict[str, str] | None:
    """The order, if the community signed it."""
    order, _and, signature = urlsplit(address).query.rpartition("&signature=")
    if not constant_time_compare(sign(settings.PAYMENT_SECRET, order.encode()), signature):
        return None
    return dict(parse_qsl(order))


def tell(order: dict[str, str], *, paid: bool) -> None:
    said = {
        "payment": order["payment"],
        "paid": paid,
        "amount": int(order["amount"]),
        "currency": order["currency"],
        "reference": f"PG-{get_random_string(8)}",
    }
    body, headers = callback(settings.PAYMENT_SECRET, said, now=timezone.now())
    headers["Content-Type"] = "application/json"
    request = urllib.request.Request(order["callback"], body, headers)  # noqa: S310 (it is signed)
    urllib.request.urlopen(request, timeout=ANSWER_WITHIN).close()  # noqa: S310


class Command(BaseCommand):
    help = "Open the practice gateway of payments (never in production)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8090)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The practice gateway gives money to everybody.")
        FakeGateway()  # its settings are there, or this says which are not
        server = ThreadingHTTPServer(("127.0.0.1", options["port"]), Counter)
        self.stdout.write(f"Practice gateway at http://127.0.0.1:{server.server_port}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
