"""The file broker under several processes, kills and a full disk. Real processes, real files."""

import errno
import multiprocessing
import os
import signal
import time
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from celery.worker import state as worker_state
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError

from community import broker as broker  # registers the scheme
from community import spool as files

SMALL_MESSAGES = 2_000
LARGE_MESSAGES = 60
LARGE_BODY = "潮" * 200_000
PRODUCERS = 3
CONSUMERS = 3

# Not the default method: a fork would copy pytest's threads and open files.
processes = multiprocessing.get_context("spawn")


def connect(folder: Path) -> Connection:
    options = {"folder": str(folder), "polling_interval": 0.01}
    return Connection("atomicfiles://", transport_options=options)


def publish(connection: Connection, *bodies: Any, queue: str = "work") -> None:
    sender = connection.SimpleQueue(queue)
    for body in bodies:
        sender.put(body)
    sender.close()


def take(connection: Connection, queue: str = "work") -> Any:
    """The next message of a queue, unacknowledged. Raises Empty."""
    return connection.SimpleQueue(queue).get(block=False)


def produce(folder: Path, first: int) -> None:
    with connect(folder) as connection:
        sender = connection.SimpleQueue("work")
        for number in range(first, SMALL_MESSAGES, PRODUCERS):
            sender.put({"number": number})
        for number in range(first, LARGE_MESSAGES, PRODUCERS):
            sender.put({"number": SMALL_MESSAGES + number, "body": LARGE_BODY})


def consume(folder: Path, report: Any, all_sent: Any) -> None:
    """Take and acknowledge until the producers have ended and nothing waits; report the numbers."""
    taken = []
    with connect(folder) as connection:
        queue = connection.SimpleQueue("work")
        while True:
            no_more_to_come = all_sent.is_set()
            try:
                message = queue.get(timeout=0.05)
            except Empty:
                if no_more_to_come:
                    break
                continue
            assert message.payload.get("body", LARGE_BODY) == LARGE_BODY
            taken.append(message.payload["number"])
            message.ack()
    report.put(taken)


def hold_one_message(folder: Path, ready: Any) -> None:
    with connect(folder) as connection:
        message = connection.SimpleQueue("work").get(timeout=5)
        ready.put(message.payload)
        signal.pause()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_nothing_is_lost_or_doubled_between_several_writers_and_readers(tmp_path: Path) -> None:
    report, all_sent = processes.Queue(), processes.Event()
    writers = [processes.Process(target=produce, args=(tmp_path, n)) for n in range(PRODUCERS)]
    readers = [
        processes.Process(target=consume, args=(tmp_path, report, all_sent))
        for _ in range(CONSUMERS)
    ]
    for process in (*writers, *readers):
        process.start()
    for writer in writers:
        writer.join()
    all_sent.set()
    counts = Counter(number for _ in readers for number in report.get(timeout=60))
    for reader in readers:
        reader.join()
    assert set(counts) == set(range(SMALL_MESSAGES + LARGE_MESSAGES))
    assert set(counts.values()) == {1}
    assert not files_in(tmp_path / "ready")


def test_what_a_killed_consumer_held_is_delivered_again_and_says_so(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "held", "waiting")
        ready = processes.Queue()
        holder = processes.Process(target=hold_one_message, args=(tmp_path, ready))
        holder.start()
        assert ready.get(timeout=20) == "held"
        os.kill(holder.pid, signal.SIGKILL)
        holder.join()

        again, waiting = take(connection), take(connection)

        assert again.payload == "held"
        assert again.delivery_info["redelivered"] is True
        assert waiting.payload == "waiting"
        assert "redelivered" not in waiting.delivery_info


def test_what_a_living_consumer_holds_is_left_to_it(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "held")
        ready = processes.Queue()
        holder = processes.Process(target=hold_one_message, args=(tmp_path, ready))
        holder.start()
        try:
            assert ready.get(timeout=20) == "held"
            with pytest.raises(Empty):
                take(connection)
        finally:
            holder.kill()
            holder.join()


def test_an_unacknowledged_message_comes_back_when_its_channel_closes(tmp_path: Path) -> None:
    with connect(tmp_path) as first:
        publish(first, "once more")
        take(first)
    with connect(tmp_path) as second:
        assert take(second).payload == "once more"


def test_an_acknowledged_message_never_comes_back(tmp_path: Path) -> None:
    with connect(tmp_path) as first:
        publish(first, "done")
        take(first).ack()
    with connect(tmp_path) as second, pytest.raises(Empty):
        take(second)
    assert not list((tmp_path / "claimed").rglob("*.msg*"))


def test_a_rejected_message_is_dropped_and_a_requeued_one_returns(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "bad", "later")
        take(connection).reject()
        take(connection).requeue()
        assert take(connection).payload == "later"
        with pytest.raises(Empty):
            take(connection)


def test_waiting_for_a_message_ends_after_the_time_that_was_asked_for(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "first")
        queue = connection.SimpleQueue("work")
        assert queue.get(timeout=5).payload == "first"
        began = time.monotonic()
        with pytest.raises(Empty):
            queue.get(timeout=0.5)
        assert 0.4 < time.monotonic() - began < 5


def test_a_worker_that_was_told_to_stop_does_not_wait_any_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "first")
        queue = connection.SimpleQueue("work")
        queue.get(timeout=5)
        monkeypatch.setattr(worker_state, "should_stop", 0)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=60)
        assert time.monotonic() - began < 30


def test_messages_leave_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, *range(50))
        queue = connection.SimpleQueue("work")
        assert [queue.get(block=False).payload for _ in range(50)] == list(range(50))


def test_purge_empties_one_queue_and_counts_what_it_removed(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, 1, 2, 3)
        publish(connection, "stays", queue="other")
        channel = connection.default_channel
        assert channel.queue_declare("work").message_count == 3
        assert channel.queue_purge("work") == 3
        assert channel.queue_declare("work").message_count == 0
        assert take(connection, "other").payload == "stays"


def test_a_fanout_reaches_queues_that_another_connection_bound(tmp_path: Path) -> None:
    everyone = Exchange("everyone", type="fanout")
    with connect(tmp_path) as listener, connect(tmp_path) as speaker:
        for name in ("first", "second"):
            Queue(name, exchange=everyone)(listener.default_channel).declare()
        speaker.Producer(exchange=everyone).publish("hello")
        assert [take(listener, name).payload for name in ("first", "second")] == ["hello"] * 2


def test_a_queue_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    with connect(folder) as connection:
        publish(connection, "caught", queue="../../escaped")
        assert take(connection, "../../escaped").payload == "caught"
    assert [path.name for path in tmp_path.iterdir()] == ["broker"]


def test_a_damaged_message_is_set_aside_and_the_next_one_served(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "good")
        (tmp_path / "ready" / "work" / "0-damaged.msg").write_bytes(b'{"properties": {')
        assert take(connection).payload == "good"
    assert (tmp_path / "broken" / "0-damaged.msg").exists()


def test_a_full_disk_is_an_operational_error_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(tmp_path) as connection:
        publish(connection, "before")

        def write_half(path: Path, content: bytes) -> int:
            with open(path, "wb") as file:
                file.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as full_disk:
            full_disk.setattr(Path, "write_bytes", write_half)
            with pytest.raises(OperationalError, match="full"):
                publish(connection, "lost")

        assert not files_in(tmp_path / "tmp")
        publish(connection, "after")
        assert [take(connection).payload for _ in range(2)] == ["before", "after"]


def test_a_file_that_a_dead_writer_left_is_swept_after_an_hour(tmp_path: Path) -> None:
    spool = files.Spool(tmp_path)
    old, young = tmp_path / "tmp" / "old", tmp_path / "tmp" / "young"
    for path, age in ((old, 4_000), (young, 60)):
        path.write_bytes(b"half")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    files.sweep_unfinished(spool, now=1_000_000)
    assert not old.exists()
    assert young.exists()


def test_giving_back_for_the_dead_twice_returns_each_message_once(tmp_path: Path) -> None:
    spool = files.Spool(tmp_path)
    for number in range(20):
        spool.write("work", {"properties": {}, "body": number})
    dead = files.Claimer(spool)
    for name in spool.waiting("work"):
        dead.claim("work", name)
    os.close(dead._lock)
    assert files.give_back_for_the_dead(spool) == 20
    assert files.give_back_for_the_dead(spool) == 0
    assert len(spool.waiting("work")) == 20
