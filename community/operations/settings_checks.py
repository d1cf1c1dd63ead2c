"""Checks of what an operator sets: keys, names, addresses, mail, proxies."""

from __future__ import annotations

import http.client
import ipaddress
import smtplib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core import checks, mail
from django.http.request import validate_host

from community.notifications import vapid

from . import tracing
from .findings import Finding, must, watch, well

SHORTEST_KEY, FEWEST_CHARACTERS = 50, 8
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
PATIENCE_SECONDS = 5.0


def environment(now: datetime) -> Iterator[Finding]:
    if settings.DEBUG:
        yield must("debug", "tracebacks are shown to everybody", "unset ROCKPOOL_DEBUG")
    if settings.PRODUCTION:
        yield well("environment", "production")
    else:
        yield watch(
            "environment", settings.ENVIRONMENT, "for a public site: ROCKPOOL_ENV=production"
        )


def keys(now: datetime) -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield must(
            "secret key",
            f"{len(key)} characters, {len(set(key))} different ones",
            f"set ROCKPOOL_SECRET_KEY to {SHORTEST_KEY} or more random characters",
        )
    else:
        yield well("secret key", f"{len(key)} characters")
    if not settings.VAPID_KEY and not Path(settings.DATA_DIR, "vapid_key").exists():
        yield well("push key", "will be made when somebody first asks for push messages")
        return
    try:
        vapid.public_key()
    except Exception as error:  # whatever a wrong key makes the library say
        yield must(
            "push key",
            f"cannot be read ({type(error).__name__})",
            "ROCKPOOL_VAPID_KEY has to be 32 bytes in base64url; vapid_key in a backup is one",
        )
    else:
        yield well("push key", f"signs as {vapid.contact()}")


def names(now: datetime) -> Iterator[Finding]:
    """The address that people use: secure, allowed, and not this machine's own."""
    site = urllib.parse.urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    mend = "set ROCKPOOL_SITE_URL to the address people use, e.g. https://pool.example.org"
    if "*" in settings.ALLOWED_HOSTS:
        yield must("hosts", "every name is allowed", "name them in ROCKPOOL_ALLOWED_HOSTS")
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        yield must("hosts", f"{host!r} is not allowed", "add it to ROCKPOOL_ALLOWED_HOSTS")
    else:
        yield well("hosts", ", ".join(settings.ALLOWED_HOSTS))
    if site.scheme not in ("http", "https") or not host or site.path not in ("", "/"):
        yield must("site address", f"{settings.SITE_URL!r} is none", mend)
    elif settings.PRODUCTION and (site.scheme != "https" or host in LOCAL_NAMES):
        yield must("site address", f"{settings.SITE_URL}: nobody else gets there safely", mend)
    else:
        yield well("site address", settings.SITE_URL)


def proxies(now: datetime) -> Iterator[Finding]:
    """Whether Django can know who asks, and that they ask by HTTPS."""
    count = settings.TRUSTED_PROXIES
    if settings.SECURE_SSL_REDIRECT and not count:
        yield must(
            "proxies",
            "HTTPS is demanded and no proxy is trusted to say so: every page redirects for ever",
            "set ROCKPOOL_TRUSTED_PROXIES to the number of proxies in front, usually 1",
        )
    elif settings.PRODUCTION and not count:
        yield watch("proxies", "none", "is there really none? Rates would count all as one")
    else:
        yield well("proxies", f"{count} in front")


def figures(now: datetime) -> Iterator[Finding]:
    """Who may read /metrics. Behind a proxy that is not known, everybody comes from its address."""
    near = [ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS]
    if near and settings.PRODUCTION and not settings.TRUSTED_PROXIES:
        yield must(
            "metrics",
            "are open to a network, and every visitor may seem to come from the proxy's address",
            "set ROCKPOOL_TRUSTED_PROXIES, or ROCKPOOL_METRICS_TOKEN in place of the networks",
        )
    else:
        ways = ["the token"] * bool(settings.METRICS_TOKEN) + [str(network) for network in near]
        yield well("metrics", f"for staff{''.join(f', {way}' for way in ways)}")


def traces(now: datetime) -> Iterator[Finding]:
    """Only where a collector is named."""
    if not settings.OTLP_ENDPOINT:
        return
    if tracing.is_missing():
        said = "ROCKPOOL_OTLP_ENDPOINT is set, and its packages are missing: nothing is sent"
        yield must("traces", said, tracing.INSTALL)
    elif not settings.OTLP_ENDPOINT.startswith(("http://", "https://")):
        said = "ROCKPOOL_OTLP_ENDPOINT is no address"
        yield must("traces", said, "e.g. http://collector:4318, where OTLP is spoken over HTTP")
    else:
        yield well("traces", f"sent to {urllib.parse.urlsplit(settings.OTLP_ENDPOINT).hostname}")


def reach(now: datetime) -> Iterator[Finding]:
    """Ask our own address, as a visitor does."""
    address = settings.SITE_URL.rstrip("/") + "/healthz"
    if not address.startswith(("http://", "https://")):
        return
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
        error.close()
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        yield must("reached", f"{address}: {reason}", "start Rockpool and the proxy in front")
        return
    if status in (200, 503):  # 503 says that a part is missing: the checks of work say which
        yield well("reached", f"{address} answers")
    else:
        yield must("reached", f"{address} answers {status}", "look at the proxy and at the hosts")


def post(now: datetime) -> Iterator[Finding]:
    """Open a connection to the mail server as sending would, and send nothing."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if backend != "smtp":
        say = must if settings.PRODUCTION else watch
        yield say("mail", f"goes to {backend}: nobody gets any", "set ROCKPOOL_EMAIL_URL")
        return
    connection = mail.get_connection(timeout=PATIENCE_SECONDS)
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        reason = type(error).__name__
        yield must("mail", f"{server}: {reason}", "look at ROCKPOOL_EMAIL_URL and at the server")
        return
    if sender.endswith("@localhost"):
        yield must("mail", f"comes from {sender}", "set ROCKPOOL_FROM_EMAIL")
    else:
        yield well("mail", f"{server} takes it, from {sender}")


def deployment(now: datetime) -> Iterator[Finding]:
    """Django's own list of what a public site must have."""
    if not settings.PRODUCTION:
        return
    found = checks.run_checks(include_deployment_checks=True)
    serious = [message for message in found if message.is_serious(checks.WARNING)]
    for message in serious:
        yield must(f"django {message.id}", message.msg.split("\n")[0], message.hint or "see Django")
    if not serious:
        yield well("django", "nothing to say on deployment")
