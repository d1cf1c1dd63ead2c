"""What a newcomer's browser has to do before they join: an interface, and a proof of work.

Another captcha is a class with the same three members, named by `ENTRY_CHALLENGE`.
"""

from __future__ import annotations

import secrets
from typing import Protocol

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.module_loading import import_string

from .rules import zero_bits

SALT = "rockpool.proof-of-work"
# Long enough to fill in a form.
GOOD_FOR = 3600
LONGEST_ANSWER = 20


class Challenge(Protocol):
    # A template with the fields that the form sends back: `challenge` and `answer`.
    template: str

    def ask(self) -> str:
        """A challenge that is good once, as text."""

    def is_met(self, challenge: str, answer: str) -> bool:
        """Whether the answer meets one of ours that was not used before; it is used now."""


class ProofOfWork:
    """Find a number after which the SHA-256 of `challenge:number` begins with so many zero bits.
    It costs one person half a second and a robot that joins a thousand times ten minutes."""

    template = "entry/_proof_of_work.html"

    def ask(self) -> str:
        return signing.dumps([secrets.token_hex(8), settings.ENTRY_PROOF_BITS], salt=SALT)

    def is_met(self, challenge: str, answer: str) -> bool:
        try:
            nonce, bits = signing.loads(challenge, salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature:
            return False
        if not answer.isdecimal() or not answer.isascii() or len(answer) > LONGEST_ANSWER:
            return False
        if zero_bits(f"{challenge}:{answer}") < bits:
            return False
        return cache.add(f"proof-of-work:{nonce}", 1, GOOD_FOR)


def challenge() -> Challenge:
    made: Challenge = import_string(settings.ENTRY_CHALLENGE)()
    return made
