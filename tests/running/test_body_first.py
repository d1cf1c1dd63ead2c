"""Slow senders wait outside: Django's few places are for requests that are all there."""

import io
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from community.body_first import IN_MEMORY_BYTES, BodyFirst

pytestmark = pytest.mark.letter("E10")


class Dripping(io.RawIOBase):
    """A body whose sender stops in the middle until it is told to go on."""

    def __init__(self, content: bytes) -> None:
        self.rest, self.first = io.BytesIO(content), True
        self.asked, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int = -1) -> bytes:
        if self.first:
            self.first = False
            return self.rest.read(1)
        self.asked.set()
        assert self.go_on.wait(20)
        return self.rest.read(size)


class Heard:
    """A start_response that remembers."""

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        self.status, self.headers = status, dict(headers)


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b"hello"]


def ask(application: BodyFirst, body: Any = None, length: object = "") -> tuple[str, bytes]:
    heard = Heard()
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(length), "wsgi.input": body}
    answer = b"".join(application(environ, heard))
    return heard.status, answer


def test_people_on_bad_lines_do_not_keep_others_waiting() -> None:
    application = BodyFirst(echo, places=1, largest_body=1_000)
    slow = [Dripping(b"slow") for _ in range(5)]
    answers: list[tuple[str, bytes]] = []
    sending = [
        threading.Thread(target=lambda body=body: answers.append(ask(application, body, 4)))
        for body in slow
    ]
    for thread in sending:
        thread.start()
    for body in slow:
        assert body.asked.wait(20)
    assert ask(application) == ("200 OK", b"hello")
    assert not answers
    for body, thread in zip(slow, sending, strict=True):
        body.go_on.set()
        thread.join()
    assert answers == [("200 OK", b"slow")] * 5


def test_a_large_body_arrives_whole() -> None:
    body = bytes(range(256)) * (IN_MEMORY_BYTES // 128)
    application = BodyFirst(echo, places=1, largest_body=len(body))
    assert ask(application, io.BytesIO(body), len(body)) == ("200 OK", body)


def test_what_follows_a_body_is_not_read_as_part_of_it() -> None:
    application = BodyFirst(echo, places=1, largest_body=1_000)
    assert ask(application, io.BytesIO(b"mine|next"), 4) == ("200 OK", b"mine")


def test_a_body_beyond_the_limit_is_refused_unread() -> None:
    application = BodyFirst(echo, places=1, largest_body=10)
    status, _ = ask(application, None, 11)
    assert status.startswith("413")


def test_a_body_that_ends_too_early_is_refused() -> None:
    application = BodyFirst(echo, places=1, largest_body=1_000)
    status, _ = ask(application, io.BytesIO(b"half"), 8)
    assert status.startswith("400")


def test_a_length_that_is_no_number_is_refused() -> None:
    application = BodyFirst(echo, places=1, largest_body=1_000)
    for length in ("-1", "ten", "1e3", "٣"):
        assert ask(application, None, length)[0].startswith("400")


def test_an_error_of_the_application_reaches_the_server() -> None:
    def fail(_environ: Any, _start: Any) -> Iterable[bytes]:
        raise RuntimeError("broken")

    application = BodyFirst(fail, places=1, largest_body=1_000)
    with pytest.raises(RuntimeError, match="broken"):
        ask(application)


def test_an_answer_is_closed_in_the_thread_that_made_it() -> None:
    """Django gives its database connection back when the answer is closed."""

    class Answer:
        made_in = threading.current_thread()

        def __iter__(self) -> Any:
            return iter([b"a", b"b"])

        def close(self) -> None:
            self.closed_in = threading.current_thread()

    answer = Answer()

    def make(_environ: Any, start_response: Any) -> Answer:
        start_response("200 OK", [])
        answer.made_in = threading.current_thread()
        return answer

    assert ask(BodyFirst(make, places=1, largest_body=1)) == ("200 OK", b"ab")
    assert answer.closed_in is answer.made_in is not threading.current_thread()
