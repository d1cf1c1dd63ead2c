"""A shared cache in front of the pages, as strict as nginx is: nobody gets a page of somebody else,
and what is for everybody comes out of it. Needs nginx (`apt-get install nginx-light`)."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.running.test_runner import ROOT, ask, free_port
from tests.running.web_processes import House, open_house, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.drill,
    pytest.mark.letter("D7"),
    pytest.mark.timeout(240),
    pytest.mark.skipif(NGINX is None, reason="needs nginx: apt-get install nginx-light"),
]
DEPLOY = ROOT / "deploy" / "nginx"
ROUNDS, SEED = 1_000, 7
PASSWORD = "tide-and-rock-9"
# On every page of theirs, and on no page of anybody else.
PEOPLE = ("canaryines", "canarywei")
MADE = """
import json
from accounts.models import User
from tests.drills.acts import publish
for name in ("canaryines", "canarywei"):
    User.objects.create_user(name, f"{name}@example.org", "tide-and-rock-9")
print(json.dumps(publish("author")))
"""
PAGES = (
    "/", "/follow/", "/hot/", "/nearby/", "/search/?q=glaze", "/people/author/", "/settings/",
    "/messages/", "/notifications/", "/tags/pottery/", "/channels/pottery/", "/languages/",
    "/people/author/rss/", "/channels/pottery/rss/", "/sitemap.xml", "/robots.txt", "/nowhere/",
    "/notes/{note}/", "/notes/{note}/comments/", "/notes/{note}/related/", "/compose/",
    "/notes/{note}/card/", "/api/v1/notes/{note}/", "/api/v1/channels/", "/settings/data/",
)  # fmt: skip
CACHE = """
user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  proxy_cache_path {folder}/cache keys_zone=shared:10m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      include {deploy}/rockpool-proxy.conf;
      proxy_pass http://127.0.0.1:{web};
      proxy_cache shared; proxy_cache_key $host$request_uri;
      add_header X-Cache-Status $upstream_cache_status always;
    }}
  }}
}}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "data", ROCKPOOL_API_RATE="100000/1m") as house:
        house.start(house.ports[0])
        until(lambda: bool(ask(house.ports[0], "/livez")[0]))
        yield house


@pytest.fixture
def cache(house: House, tmp_path: Path) -> Iterator[str]:
    """The address of the cache in front of the house."""
    folder, port = tmp_path / "nginx", free_port()
    folder.mkdir()
    told = folder / "nginx.conf"
    told.write_text(CACHE.format(folder=folder, port=port, deploy=DEPLOY, web=house.ports[0]))
    assert NGINX is not None
    with subprocess.Popen([NGINX, "-c", str(told), "-p", str(folder)]) as running:
        until(lambda: bool(ask(port, "/livez")[0]))
        yield f"http://127.0.0.1:{port}"
        running.terminate()


def browser(cache: str, name: str) -> httpx.Client:
    """Logged in as `name`, or nobody where it is empty."""
    client = httpx.Client(base_url=cache, timeout=60)
    if name:
        client.get("/account/login/")
        client.post(
            "/account/login/",
            data={
                "login": name, "password": PASSWORD,
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            },
        )  # fmt: skip
        assert name in client.get("/").text
    return client


@pytest.mark.long
def test_a_thousand_rounds_cross_nowhere(house: House, cache: str, figure) -> None:
    note = house.ask_python("manage.py", "shell", "-v0", "-c", MADE).split()[-1]
    readers = {name: browser(cache, name) for name in ("", *PEOPLE)}
    chance = random.Random(SEED)
    rounds = [(chance.choice(PAGES).format(note=note), chance.choice(list(readers)))
              for _ in range(ROUNDS)]  # fmt: skip
    crossed, states, own = [], Counter[str](), set()

    def look(asked: tuple[str, str]) -> None:
        path, name = asked
        answer = readers[name].get(path)
        states[answer.headers.get("X-Cache-Status", "")] += 1
        found = set(re.findall("canary[a-z]+", answer.text + str(answer.headers)))
        if found - {name}:
            crossed.append((path, name, found))
        if name in found:
            own.add(path)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(look, rounds))
    assert crossed == []
    # The controls: the cache did answer for us, and a page that crossed would have been seen.
    assert states["HIT"] > 0
    assert len(own) >= 5
    figure(
        f"{ROUNDS} rounds, {states['HIT']} out of the cache, 0 crossed; seen on {len(own)} pages"
    )


def test_the_configuration_that_is_shipped_is_understood(tmp_path: Path) -> None:
    """As it stands in deploy/, with a certificate of our own and other folders."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=pool.example.org", "-keyout", key, "-out", certificate),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "rockpool.conf").read_text()
    site = site.replace("/etc/nginx/rockpool-proxy.conf", str(DEPLOY / "rockpool-proxy.conf"))
    site = re.sub(r"\S+/fullchain\.pem", str(certificate), site)
    site = re.sub(r"\S+/privkey\.pem", str(key), site)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {site} }}")
    assert NGINX is not None
    tried = subprocess.run(
        [NGINX, "-t", "-c", str(whole), "-p", str(tmp_path)], capture_output=True, text=True
    )
    assert tried.returncode == 0, tried.stderr
