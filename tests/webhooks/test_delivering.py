"""Noted with what happens, signed, tried until it answers, once for each event."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from community.outbox import jobs
from community.outbox.models import Job
from community.webhooks import delivering, posting, retries, services
from community.webhooks.announcing import Happening, announce, ping, resend
from community.webhooks.kinds import KINDS, register
from community.webhooks.models import Delivery, Endpoint
from community.webhooks.signing import secret_of

KIND = "pool.promoted"


@pytest.fixture
def hook(alice, receiver):
    return services.add_endpoint(
        person=alice, url=f"{receiver.address}/in", kinds=[KIND], now=timezone.now()
    )


def happened(person, key="step 1", kind=KIND, **facts):
    return Happening(person.pk, kind, key, facts)


def send():
    jobs.work_off("webhooks")


def test_it_arrives_and_its_signature_is_that_of_the_specification(alice, hook, receiver):
    announce([happened(alice, note=7)], now=timezone.now())
    send()
    [(headers, body)] = receiver.got
    secret = base64.b64decode(secret_of(hook).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"
    assert json.loads(body)["data"] == {"note": 7}
    assert json.loads(body)["type"] == KIND
    assert Delivery.objects.get().state == "delivered"


def test_the_same_event_again_is_told_once(alice, hook, receiver):
    for _time in range(3):
        announce([happened(alice)], now=timezone.now())
        send()
    assert len(receiver.got) == 1


def test_only_its_owner_and_only_what_was_chosen(alice, bob, hook, receiver):
    told = announce(
        [happened(bob), happened(alice, kind="pool.settled"), happened(alice)], now=timezone.now()
    )
    send()
    assert told == len(receiver.got) == 1


def test_an_announcement_whose_transaction_fails_is_not_told(alice, hook, receiver):
    def write_and_fail():
        with transaction.atomic():
            announce([happened(alice)], now=timezone.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    send()
    assert receiver.got == []


def test_what_fails_is_tried_again_with_growing_pauses_and_the_same_id(alice, hook, receiver):
    receiver.answers = [500, 302, 503]
    now = timezone.now()
    announce([happened(alice)], now=now)
    for tries in range(1, 5):
        delivering.send_due(now=now)
        row = Delivery.objects.get()
        assert row.tries == tries
        delivering.send_due(now=now)
        assert Delivery.objects.get().tries == tries, "not before its pause is over"
        now = row.due_at
    assert row.state == "delivered"
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert len(receiver.got) == 4, "a redirect is not followed"


def test_an_address_that_never_answers_is_left_alone_after_days_and_says_since_when(
    alice, hook, receiver
):
    receiver.answers = [500] * 100
    now = timezone.now()
    announce([happened(alice)], now=now)
    tries = 0
    while (row := Delivery.objects.get()).state == "waiting":
        now = max(now, row.due_at)
        delivering.send_due(now=now)
        tries += 1
    assert tries == len(retries.PAUSES) + 1
    later = now + retries.GIVE_UP_AFTER
    announce([happened(alice, "step 2")], now=later)
    delivering.send_due(now=later)
    hook.refresh_from_db()
    assert (hook.is_active, hook.given_up) == (False, True)
    assert announce([happened(alice, "step 3")], now=later) == 0


def test_gone_means_gone(alice, hook, receiver):
    receiver.answers = [410]
    announce([happened(alice)], now=timezone.now())
    send()
    hook.refresh_from_db()
    assert not hook.is_active
    assert Delivery.objects.get().state == "failed"


def test_what_was_given_up_can_be_sent_again(alice, hook, receiver):
    receiver.answers = [410]
    announce([happened(alice)], now=timezone.now())
    send()
    services.change_endpoint(person=alice, pk=hook.pk, active=True)
    resend(hook, delivery_id=Delivery.objects.get().pk, now=timezone.now())
    send()
    assert Delivery.objects.get().state == "delivered"
    resend(hook, delivery_id=Delivery.objects.get().pk, now=timezone.now())
    send()
    assert len(receiver.got) == 2, "what arrived is not sent again"


def test_a_pause_keeps_what_waits_for_later(alice, hook, receiver):
    announce([happened(alice)], now=timezone.now())
    services.change_endpoint(person=alice, pk=hook.pk, active=False)
    send()
    assert receiver.got == []
    services.change_endpoint(person=alice, pk=hook.pk, active=True)
    send()
    assert len(receiver.got) == 1


def test_a_receiver_that_drips_is_cut_off(alice, hook, receiver, monkeypatch):
    monkeypatch.setattr(posting, "DEADLINE", 0.3)
    receiver.drip = 0.05
    announce([happened(alice)], now=timezone.now())
    send()
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.status) == ("waiting", 1, None)
    assert row.trouble


def test_a_worker_that_dies_while_sending_loses_nothing(alice, hook, receiver):
    now = timezone.now()
    announce([happened(alice)], now=now)
    assert len(delivering._claim(now)) == 1  # and then it dies
    Job.objects.all().delete()
    assert delivering.send_due(now=now) == 0, "the claim holds"
    later = now + delivering.CLAIM + timedelta(seconds=1)
    assert delivering.ring_if_due(now=later)
    assert Job.objects.filter(kind="webhooks.send").exists()
    assert delivering.send_due(now=later) == 1
    assert delivering.ring_if_due(now=later) is False


def test_two_workers_do_not_send_at_once(alice, bob, receiver):
    now = timezone.now()
    for person in (alice, bob):
        services.add_endpoint(person=person, url=f"{receiver.address}/", kinds=[KIND], now=now)
        announce([happened(person, f"step {person.pk}")], now=now)
    assert len(delivering._claim(now)) == 2
    assert delivering._claim(now) == []


def test_messages_to_one_address_go_one_after_another_and_all_of_them(alice, hook, receiver):
    announce([happened(alice, f"step {n}", number=n) for n in range(5)], now=timezone.now())
    send()
    numbers = [json.loads(body)["data"]["number"] for _headers, body in receiver.got]
    assert numbers == list(range(5))


def test_a_test_is_sent_whatever_it_listens_to(alice, hook, receiver):
    ping(hook, now=timezone.now())
    send()
    assert json.loads(receiver.got[0][1])["type"] == "ping.sent"


def test_another_secret_signs_differently(alice, hook):
    before = secret_of(hook)
    assert secret_of(services.renew_secret(person=alice, pk=hook.pk)) != before


def test_the_log_is_forgotten_after_a_month(alice, hook, receiver):
    now = timezone.now()
    announce([happened(alice)], now=now - timedelta(days=31))
    announce([happened(alice, "step 2")], now=now)
    assert delivering.forget(now=now) == 1
    assert delivering.forget(now=now) == 0


def test_a_kind_has_a_shape():
    with pytest.raises(ValueError, match="reads like"):
        register("Promoted!", "x")
    assert "pool.settled" in KINDS


def test_an_account_that_goes_takes_its_addresses_along(alice, hook):
    alice.delete()
    assert not Endpoint.objects.exists()


def test_an_address_with_a_thousand_messages_keeps_nobody_waiting(alice, bob, hook, receiver):
    now = timezone.now()
    announce([happened(alice, f"step {n}") for n in range(400)], now=now)
    services.add_endpoint(person=bob, url=f"{receiver.address}/bob", kinds=[KIND], now=now)
    announce([happened(bob)], now=now + timedelta(seconds=1))
    assert delivering.send_due(now=now + timedelta(seconds=2)) == 2
