"""A mail server that takes connections and says nothing: pages do not wait for it."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from community.outbox import jobs
from community.outbox.models import Job

PAGE_SECONDS = 1.0
SILENCE = 0.5


class MailServer:
    """Accepts whoever comes. Until `answers` is set it says nothing, then it speaks SMTP."""

    def __init__(self):
        self.answers = threading.Event()
        self.letters = []
        self.came = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.came += 1
            if self.answers.is_set():
                with connection:
                    self._speak(connection)
            # Who hangs keeps the connection open, and is left alone.

    def _speak(self, connection):
        lines = connection.makefile("rwb", buffering=0)
        lines.write(b"220 drill\r\n")
        while line := lines.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                lines.write(b"354 go on\r\n")
                body = b""
                while (part := lines.readline()) != b".\r\n":
                    body += part
                self.letters.append(body)
            lines.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    def close(self):
        self._socket.close()


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = SILENCE
    yield server
    server.close()


@pytest.mark.letter("F8")
def test_the_page_is_quick_and_the_mail_comes_once_when_the_server_is_back(
    server, make_person, figure
):
    person = make_person("bob")
    # The first page of a process loads the code of all of them.
    Client().get("/account/password/reset/")
    started, worked = time.monotonic(), time.process_time()
    answer = Client().post("/account/password/reset/", {"email": person.email})
    seconds = time.monotonic() - started
    assert answer.status_code == 302
    # Nobody was asked and waited for; of the page's own work, whatever else the machine does.
    assert server.came == 0
    assert time.process_time() - worked <= PAGE_SECONDS
    # The worker meets the silence, several times, and gives nothing up.
    later = timezone.now()
    for _ in range(2):
        with time_machine.travel(later, tick=True):
            jobs.work_off("default")
        later += timedelta(minutes=1)
    assert server.came >= 1, "nobody asked the server: this drill showed nothing"
    assert server.letters == []
    assert Job.objects.filter(state=Job.State.READY).exists()
    server.answers.set()
    for _ in range(3):
        later += timedelta(minutes=5)
        with time_machine.travel(later, tick=True):
            jobs.work_off("default")
    assert len(server.letters) == 1
    figure(f"page {seconds:.2f} s; 1 mail once the server answered")
