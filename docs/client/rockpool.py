#!/usr/bin/env python3
"""A small client of a Rockpool community: Python 3.11, nothing to install.

    rockpool.py login --site https://pool.example.org --client-id ID     (in your browser)
    rockpool.py login --site https://pool.example.org --token TOKEN      (made at /settings/tokens/)
    rockpool.py feed
    rockpool.py post "A title" --body "Some words" --channel pottery --picture bowl.jpg
    rockpool.py listen --secret whsec_...                                (webhooks of the pools)

A program is registered at /settings/programs/new/ with the address http://127.0.0.1/done. What this
client keeps lies in ~/.config/rockpool.json, or where ROCKPOOL_CLIENT says.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import mimetypes
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

KEPT = Path(os.environ.get("ROCKPOOL_CLIENT", Path.home() / ".config" / "rockpool.json"))
SCOPES = "read write"
# Webhooks older than this are somebody playing an old one again.
OLDEST_SECONDS = 300


# ---------------------------------------------------------------- what is kept
def load() -> dict[str, Any]:
    if not KEPT.exists():
        sys.exit("Log in first: rockpool.py login --site ...")
    return json.loads(KEPT.read_text())


def keep(known: dict[str, Any]) -> None:
    """For nobody but you to read."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.touch(mode=0o600)
    KEPT.write_text(json.dumps(known))


# ---------------------------------------------------------------- asking the community
def send(request: urllib.request.Request) -> Any:
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            body = answer.read()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code}: {said_in(error.read())}") from None
    return json.loads(body) if body else None


def said_in(body: bytes) -> str:
    """The sentence of a problem document (RFC 9457) or of an OAuth error."""
    try:
        problem = json.loads(body)
    except ValueError:
        return "The community did not answer as expected."
    return str(problem.get("detail") or problem.get("error") or problem)


def api(path: str, body: Any = None, *, method: str = "", kind: str = "application/json") -> Any:
    known = load()
    if known.get("expires_at", time.time() + 999) < time.time() + 30:
        known = renew(known)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Authorization": f"{known['kind']} {known['secret']}", "Accept": "application/json"}
    if data is not None:
        headers["Content-Type"] = kind
    address = f"{known['site']}/api/v1/{path}"
    return send(urllib.request.Request(address, data, headers, method=method or None))  # noqa: S310


# ---------------------------------------------------------------- logging in
def login(asked: argparse.Namespace) -> None:
    site = asked.site.rstrip("/")
    if asked.token:
        keep({"site": site, "kind": "Token", "secret": asked.token})
    else:
        log_in_by_browser(site, asked.client_id, show=asked.show)
    me = api("me/")
    print(f"Logged in as {me['name']} (@{me['username']}).")


def log_in_by_browser(site: str, client_id: str, *, show: bool) -> None:
    """OAuth 2 with PKCE (RFC 7636), answered on the own machine (RFC 8252)."""
    doors = send(urllib.request.Request(f"{site}/.well-known/oauth-authorization-server"))  # noqa: S310
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    with HTTPServer(("127.0.0.1", 0), Return) as server:
        back = f"http://127.0.0.1:{server.server_port}/done"
        question = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": back,
            "scope": SCOPES,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        address = f"{doors['authorization_endpoint']}?{urllib.parse.urlencode(question)}"
        print(f"Open this in your browser:\n{address}", flush=True)
        if not show:
            webbrowser.open(address)
        told: dict[str, str] = {}
        while not told:
            server.told = told  # type: ignore[attr-defined]
            server.handle_request()
    if told.get("state") != state or told.get("iss") != doors["issuer"]:
        sys.exit("The answer is not to our question.")
    if "code" not in told:
        sys.exit(f"Not allowed: {told.get('error')}.")
    answer = ask_for_tokens(
        doors["token_endpoint"],
        grant_type="authorization_code",
        code=told["code"],
        redirect_uri=back,
        client_id=client_id,
        code_verifier=verifier,
    )
    keep_tokens({"site": site, "client_id": client_id, "door": doors["token_endpoint"]}, answer)


class Return(BaseHTTPRequestHandler):
    """Takes the browser's way back."""

    def do_GET(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        found = parts.path == "/done"
        if found:
            self.server.told.update(urllib.parse.parse_qsl(parts.query))  # type: ignore[attr-defined]
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"You can close this page.\n" if found else b"Nothing here.\n")

    def log_message(self, *_: Any) -> None:
        """The address holds the code: it is written nowhere."""


def renew(known: dict[str, Any]) -> dict[str, Any]:
    """A refresh token is good once: what comes back is kept at once."""
    answer = ask_for_tokens(
        known["door"],
        grant_type="refresh_token",
        refresh_token=known["refresh"],
        client_id=known["client_id"],
    )
    return keep_tokens(known, answer)


def ask_for_tokens(door: str, **question: str) -> dict[str, Any]:
    return send(urllib.request.Request(door, urllib.parse.urlencode(question).encode()))  # noqa: S310


def keep_tokens(known: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    known = known | {
        "kind": "Bearer",
        "secret": answer["access_token"],
        "refresh": answer["refresh_token"],
        "expires_at": time.time() + answer["expires_in"],
    }
    keep(known)
    return known


# ---------------------------------------------------------------- reading and writing
def feed(asked: argparse.Namespace) -> None:
    for item in api(f"feeds/discover/?limit={asked.limit}")["results"]:
        note = item.get("note", item)
        label = f"[{note['disclosure']}] " if note.get("disclosure") else ""
        print(f"{note['id']:>8}  {label}{note['title']}  — {note['author']['name']}")


def post(asked: argparse.Namespace) -> None:
    """A draft, its pictures, and out with it."""
    note = api("notes/", {"title": asked.title, "body": asked.body, "channel": asked.channel})
    for picture in asked.picture:
        body, kind = as_form(Path(picture))
        api(f"notes/{note['id']}/pictures/", body, kind=kind)
    published = api(f"notes/{note['id']}/publish/", {})
    print(f"{load()['site']}/notes/{published['id']}/")


def as_form(file: Path) -> tuple[bytes, str]:
    """One file as multipart/form-data."""
    border = uuid.uuid4().hex
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    body = head.encode() + file.read_bytes() + f"\r\n--{border}--\r\n".encode()
    return body, f"multipart/form-data; boundary={border}"


# ---------------------------------------------------------------- webhooks
def listen(asked: argparse.Namespace) -> None:
    """Print what happens to one's notes. Put a web server with https in front of it."""
    server = HTTPServer(("127.0.0.1", asked.port), Told)
    server.secret = asked.secret  # type: ignore[attr-defined]
    server.known = set()  # type: ignore[attr-defined]
    print(f"Listening on port {server.server_port}.", flush=True)
    while True:
        server.handle_request()
        if asked.once and server.known:  # type: ignore[attr-defined]
            return


class Told(BaseHTTPRequestHandler):
    """Believes only what is signed (Standard Webhooks 1.0), and each message once."""

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 100_000))
        good = is_signed(self.headers, body, self.server.secret)  # type: ignore[attr-defined]
        self.send_response(204 if good else 400)
        self.end_headers()
        known, name = self.server.known, self.headers["webhook-id"]  # type: ignore[attr-defined]
        if good and name not in known:
            known.add(name)
            event = json.loads(body)
            print(f"{event['timestamp']}  {event['type']}  {json.dumps(event['data'])}", flush=True)

    def log_message(self, *_: Any) -> None:
        pass


def is_signed(headers: Any, body: bytes, secret: str) -> bool:
    name, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdecimal() or abs(time.time() - int(at)) > OLDEST_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = hmac.digest(key, f"{name}.{at}.".encode() + body, hashlib.sha256)
    wanted = f"v1,{base64.b64encode(mark).decode()}"
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)


# ---------------------------------------------------------------- the command line
def main() -> None:
    parser = argparse.ArgumentParser(description="A small client of a Rockpool community.")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("login")
    command.add_argument("--site", required=True)
    how = command.add_mutually_exclusive_group(required=True)
    how.add_argument("--client-id")
    how.add_argument("--token")
    command.add_argument("--show", action="store_true", help="print the address, open no browser")
    command.set_defaults(act=login)
    command = commands.add_parser("feed")
    command.add_argument("--limit", type=int, default=20)
    command.set_defaults(act=feed)
    command = commands.add_parser("post")
    command.add_argument("title")
    command.add_argument("--body", default="")
    command.add_argument("--channel", required=True)
    command.add_argument("--picture", action="append", default=[])
    command.set_defaults(act=post)
    command = commands.add_parser("listen")
    command.add_argument("--secret", required=True, help="whsec_... of the webhook's page")
    command.add_argument("--port", type=int, default=8790)
    command.add_argument("--once", action="store_true", help="end after the first message")
    command.set_defaults(act=listen)
    asked = parser.parse_args()
    asked.act(asked)


if __name__ == "__main__":
    main()
