"""Where a person is signed in: noted, shown, ended; and whether a browser is a new one."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from allauth.core.internal.sessionkit import get_session_user
from django.conf import settings
from django.db import transaction
from knox.models import AuthToken

from accounts import signals
from accounts.errors import NotFound
from accounts.models import User
from accounts.programs.services import end_programs

from .devices import browser_of, network_of, system_of
from .models import KnownDevice, SignIn

SEEN_EVERY = timedelta(hours=1)
KNOWN_FOR = timedelta(days=400)
# A person is signed in at this many places at most: the one unused for longest ends.
MOST_SIGN_INS = 50
# Sessions whose hour is remembered in this process; the database decides anyway.
REMEMBERED = 10_000
_SEEN: OrderedDict[str, datetime] = OrderedDict()


def note_sign_in(
    *, person: User, session_key: str, agent: str, address: str, device: str, now: datetime
) -> SignIn:
    """Keep where somebody signed in, and announce it when neither this browser nor one like it
    in this network was ever theirs. `device`: the random number of the browser's cookie."""
    browser, system, network = browser_of(agent), system_of(agent), network_of(address)
    with transaction.atomic():
        _forget_ended(person)
        row, _made = SignIn.objects.update_or_create(
            session_key=session_key,
            defaults={
                "person": person, "browser": browser, "system": system, "network": network,
                "created_at": now, "seen_at": now,
            },
        )  # fmt: skip
        for surplus in SignIn.objects.filter(person=person)[MOST_SIGN_INS:]:
            _end(surplus)
        if _is_new_device(person, (device, f"{browser}/{system}/{network}"), now):
            signals.signed_in_anew.send(
                sender=User, person=person, device=device_words(row), network=network, now=now
            )
    _remember(session_key, now)
    return row


def device_words(row: SignIn) -> str:
    """ "Firefox, Windows"; names need no translation. Nothing when the browser tells nothing."""
    return ", ".join(part for part in (row.browser, row.system) if part)


def _is_new_device(person: User, signs: tuple[str, ...], now: datetime) -> bool:
    """Whether none of the signs is known of somebody of whom others are; all are known after."""
    marks = [_mark(person, sign) for sign in signs if sign]
    KnownDevice.objects.filter(person=person, seen_at__lt=now - KNOWN_FOR).delete()
    theirs = KnownDevice.objects.filter(person=person)
    is_new = theirs.exists() and not theirs.filter(mark__in=marks).exists()
    KnownDevice.objects.bulk_create(
        [KnownDevice(person=person, mark=mark, seen_at=now) for mark in marks],
        update_conflicts=True,
        unique_fields=["person", "mark"],
        update_fields=["seen_at"],
    )
    return is_new


def _mark(person: User, sign: str) -> str:
    """Keyed by the installation and by the person: two people's marks of one browser differ."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"rockpool.known-device", "sha256")
    return hmac.new(key, f"{person.pk}:{sign}".encode(), hashlib.sha256).hexdigest()[:32]


def note_seen(*, session_key: str, now: datetime) -> None:
    """Note that a session is in use: at most one write an hour, none on most pages."""
    noted = _SEEN.get(session_key)
    if noted is not None and now - noted < SEEN_EVERY:
        return
    _remember(session_key, now)
    SignIn.objects.filter(session_key=session_key, seen_at__lt=now - SEEN_EVERY).update(seen_at=now)


def _remember(session_key: str, now: datetime) -> None:
    _SEEN[session_key] = now
    _SEEN.move_to_end(session_key)
    while len(_SEEN) > REMEMBERED:
        _SEEN.popitem(last=False)


def living_sign_ins(person: User) -> list[SignIn]:
    """Those whose session still opens something, the last used first."""
    _forget_ended(person)
    return list(SignIn.objects.filter(person=person))


def _forget_ended(person: User) -> None:
    ended = [row.pk for row in SignIn.objects.filter(person=person) if not _lives(row)]
    SignIn.objects.filter(pk__in=ended).delete()


def _lives(row: SignIn) -> bool:
    """A session may be over by time, by sign-out, or because the password is another."""
    store = _store(row.session_key)
    return store.exists(row.session_key) and get_session_user(store) is not None


def end_sign_in(*, person: User, sign_in_id: int) -> None:
    """Sign out elsewhere, at once. Raises NotFound for what is not theirs."""
    row = SignIn.objects.filter(person=person, pk=sign_in_id).first()
    if row is None:
        raise NotFound
    _end(row)


def end_other_sign_ins(*, person: User, session_key: str | None) -> int:
    """Sign out everywhere but here; how many sessions that were."""
    others = SignIn.objects.filter(person=person).exclude(session_key=session_key or "")
    return sum(_end(row) for row in others)


def _end(row: SignIn) -> bool:
    _store(row.session_key).delete(row.session_key)
    return bool(SignIn.objects.filter(pk=row.pk).delete()[0])


def forget_sign_in(session_key: str) -> None:
    SignIn.objects.filter(session_key=session_key).delete()


def end_tokens(*, person: User) -> int:
    """No program acts for this person any more; how many could."""
    tokens = AuthToken.objects.filter(user=person).delete()[1].get("knox.AuthToken", 0)
    return tokens + end_programs(person=person)


def _store(session_key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key)
