"""A check of what carries Celery's messages: whether anybody answers at its address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from amqp.exceptions import AMQPError
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerAway

from community.celery import app

from .findings import Finding, must, well

ANSWERS_WITHIN_SECONDS = 5
SERVERS = {"redis": "Redis", "rediss": "Redis", "amqp": "RabbitMQ", "amqps": "RabbitMQ"}


def broker(now: datetime) -> Iterator[Finding]:
    """Asked as a worker does; the address, which holds a password, is not repeated."""
    scheme = settings.CELERY_BROKER_URL.partition(":")[0]
    if scheme not in SERVERS:
        yield well("broker", "a folder of the data")
        return
    try:
        with app.connection_for_write(
            settings.CELERY_BROKER_URL, connect_timeout=ANSWERS_WITHIN_SECONDS
        ) as connection:
            connection.ensure_connection(max_retries=1, timeout=ANSWERS_WITHIN_SECONDS)
    except (BrokerAway, AMQPError) as away:
        kind = type(away.__cause__ or away).__name__
        yield must(
            "broker",
            f"{SERVERS[scheme]} does not let us in ({kind}); jobs wait in the database",
            "start it, or correct its address and password",
        )
    else:
        yield well("broker", f"{SERVERS[scheme]} answers")
