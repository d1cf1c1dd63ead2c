"""What lies in deploy/ and docs/operations.md agrees with the code it speaks of."""

from __future__ import annotations

import fnmatch
import importlib.util
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from django.utils import timezone
from prometheus_client.metrics import MetricWrapperBase

from community.operations import counters
from community.operations.gauges import work_gauges
from community.operations.logs import request_id
from community.outbox.jobs import ONE_AT_A_TIME
from community.runner.options import parse
from community.task_queues import QUEUES
from feeds.views.metrics import NAMES, _ages

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NAME = re.compile(r"ROCKPOOL_[A-Z][A-Z_]*[A-Z]")
# Read by the compose file and the Caddyfile, and by no code.
ONLY_DEPLOYED = {"ROCKPOOL_HOST", "ROCKPOOL_UPSTREAM"}


def read_by_code() -> set[str]:
    """Every name that stands in quotes in the code, and the file of each secret."""
    found: set[str] = set()
    for room in ("accounts", "community", "feeds"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            found |= set(re.findall(rf"""["']({NAME.pattern})["']""", text))
            found |= {
                f"{name}_FILE" for name in re.findall(rf'secret\(\s*"({NAME.pattern})"', text)
            }
    return found


def documented() -> set[str]:
    text = (ROOT / "docs/operations.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `ROCKPOOL_")]
    return {name for row in rows for name in NAME.findall(row)}


def test_every_variable_is_documented_and_no_other() -> None:
    assert read_by_code() - documented() == set()
    assert documented() - read_by_code() == set()
    assert len(documented()) > 50


def test_what_is_deployed_sets_nothing_that_nobody_reads() -> None:
    for path in [p for p in DEPLOY.rglob("*") if p.is_file()]:
        named = set(NAME.findall(path.read_text()))
        assert named <= documented() | ONLY_DEPLOYED, path


def test_alerts_and_dashboard_ask_for_what_is_exported(db: None) -> None:
    now = timezone.now()
    exported = {f"rockpool_{name}" for name, _about in NAMES.values()}
    exported |= {family.name for family in [*work_gauges(now=now), _ages(now)]}
    for metric in vars(counters).values():
        if isinstance(metric, MetricWrapperBase):
            for family in metric.describe():
                exported.add(family.name if family.type == "histogram" else f"{family.name}_total")
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    dashboard = json.loads((DEPLOY / "grafana/rockpool.json").read_text())
    asked = [rule["expr"] for rule in alerts]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    for expression in asked:
        assert expression.count("(") == expression.count(")")
        for name in re.findall(r"rockpool_\w+", expression):
            assert name.removesuffix("_bucket") in exported, name
    for rule in alerts:
        assert rule["annotations"].keys() == {"summary", "mend"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_what_is_advised_names_units_that_are_there() -> None:
    """The label of a queue's worker is worker:media, its unit rockpool-worker@media."""
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())
    advice = {rule["alert"]: rule["annotations"]["mend"] for rule in rules["groups"][0]["rules"]}
    template = re.search(
        r"'(rockpool-\{\{ reReplaceAll .*\}\}\*)'", advice["RockpoolProcessSilent"]
    )
    old, new = re.search(r'reReplaceAll "(.*?)" "(.*?)" \$labels.process', template[1]).groups()
    units = [path.name for path in (DEPLOY / "systemd").iterdir()]
    instances = [unit.replace("@.", "@media,learning.") for unit in units]
    for process in ("worker", "beat", "worker:media", "worker:learning"):
        pattern = f"rockpool-{re.sub(old, new, process)}*"
        assert fnmatch.filter(instances, pattern), pattern
    assert {"video", "archives"} == ONE_AT_A_TIME
    assert "another worker" not in advice["RockpoolSlowWorkWaits"]


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert copied == ["requirements.txt", "."]
    assert "USER 10001:10001" in lines
    ignored = [line.rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines()]
    for needed in ("manage.py", "accounts", "community", "feeds", "templates", "static", "LICENSE"):
        assert (ROOT / needed).exists()
        assert needed not in ignored
    for never in (".git", ".data", ".env", ".venv", "secret_key"):
        assert never in ignored


def test_compose_gives_the_image_no_more_than_it_needs() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    service = compose["services"]["rockpool"]
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert (DEPLOY / "caddy/Caddyfile").exists()
    assert not (DEPLOY / "secrets").exists()
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text()


def test_the_workers_of_the_scaled_set_up_serve_every_queue_once() -> None:
    services = yaml.safe_load((DEPLOY / "compose.scaled.yaml").read_text())["services"]
    told = [list(map(str, service.get("command", ()))) for service in services.values()]
    served = [words[words.index("--queues") + 1] for words in told if "--queues" in words]
    assert sorted(",".join(served).split(",")) == sorted(QUEUES)
    for name, service in services.items():
        if name.startswith("worker-"):
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert service["mem_limit"]
            assert service["entrypoint"][-5:] == [
                "-m", "community.runner.one", "worker", "--data", "/data",
            ]  # fmt: skip
            parse(service["command"])


def test_each_worker_in_a_container_of_its_own_is_scraped() -> None:
    services = yaml.safe_load((DEPLOY / "compose.scaled.yaml").read_text())["services"]
    scraped = (DEPLOY / "prometheus/prometheus.yml").read_text()
    for name, service in services.items():
        if name.startswith("worker-"):
            told = service["environment"]
            assert f'"{name}:{told["ROCKPOOL_METRICS_PORT"]}"' in scraped
            assert "ROCKPOOL_METRICS_TOKEN" in told
    # The web of the first file tells what the worker beside it counted, and for the same token.
    web = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["rockpool"]
    assert "ROCKPOOL_METRICS_TOKEN" in web["environment"]
    assert "ROCKPOOL_METRICS_PORT" not in web["environment"] | services["rockpool"]["environment"]


def test_prometheus_asks_the_web_itself_since_the_proxies_refuse_it() -> None:
    text = (DEPLOY / "prometheus/prometheus.yml").read_text()
    (job,) = yaml.safe_load(text)["scrape_configs"]
    assert (job["scheme"], job["static_configs"]) == ("http", [{"targets": ["127.0.0.1:8000"]}])
    # What is commented out is read when somebody needs it, and has to be YAML then.
    shown = re.findall(r"^  # - job_name.*(?:\n  # .*)*", text, re.M)
    jobs = [yaml.safe_load(block.replace("\n  # ", "\n").removeprefix("  # ")) for block in shown]
    assert [job["job_name"] for (job,) in jobs] == ["rockpool-workers", "rockpool"]


def commands() -> list[list[str]]:
    """Of every unit and of the image: the words after the interpreter."""
    units = [path.read_text() for path in sorted((DEPLOY / "systemd").glob("*.service"))]
    found = [line for text in units for line in re.findall(r"^ExecStart=\S+ (.*)$", text, re.M)]
    return [line.split() for line in found]


def test_every_unit_starts_something_that_is_there() -> None:
    assert len(commands()) == 6
    for words in commands():
        if words[0] == "-m":
            assert importlib.util.find_spec(words[1]), words
        else:
            command = f"community.management.commands.{words[1]}"
            assert (ROOT / words[0]).exists()
            assert importlib.util.find_spec(command), words


def test_a_worker_of_several_queues_is_told_their_names() -> None:
    """A comma is no letter of a unit's name: systemctl writes it as \\x2c, and %I reads that."""
    unit = (DEPLOY / "systemd/rockpool-worker@.service").read_text()
    assert "--queues %I " in unit
    assert "%i" not in unit


def test_the_target_starts_what_is_enabled_and_nothing_else() -> None:
    assert "rockpool-worker.service" not in (DEPLOY / "systemd/rockpool.target").read_text()
    for path in (DEPLOY / "systemd").glob("rockpool-*.service"):
        if "backup" not in path.name:
            assert "WantedBy=rockpool.target" in path.read_text(), path.name


def test_the_example_of_an_environment_can_be_read_by_a_shell() -> None:
    script = "set -aeu; . deploy/rockpool.env.example; printenv ROCKPOOL_FROM_EMAIL"
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Rockpool <tide@pool.example.org>\n"
    assert not done.stderr


def test_units_are_what_systemd_understands(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/rockpool/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("file:///opt/rockpool", "file:///opt"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "rockpool" in line]
    assert ours == []


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_each_process_can_be_become(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from community.runner import one

    became: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(one.os, "execve", lambda *said: became.append(said))
    monkeypatch.setattr(one, "allow_many_connections", lambda: None)
    one.main([name, "--data", str(tmp_path), "--port", "8123"])
    program, command, environment = became[0]
    assert program == sys.executable
    assert {"web": "granian", "worker": "worker", "beat": "beat"}[name] in command
    assert environment["ROCKPOOL_DATA"] == str(tmp_path)
    assert environment["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("said", [[], ["cook"], ["--data"]])
def test_what_is_no_process_is_refused(said: list[str]) -> None:
    from community.runner import one

    with pytest.raises(SystemExit):
        one.main(said)


# ---------------------------------------------------------------- what stands in front
CLAIMED = {
    "X-Request-ID": "chosen-by-a-visitor",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "congo=t61rcWkgMzE",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "gopher",
}


@pytest.fixture
def heard() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A web of ours that only listens: its port, and the headers of each request."""
    requests: list[dict[str, str]] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is given
            requests.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, requests
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nginx(tmp_path: Path, heard: tuple[int, list[dict[str, str]]]) -> Iterator[int]:
    """nginx with our headers in front of it: its port."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx here")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    temporary = " ".join(
        f"{kind}_temp_path {tmp_path / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port};\n"
        f"location / {{ include {DEPLOY}/nginx/rockpool-proxy.conf;\n"
        f"proxy_pass http://127.0.0.1:{heard[0]}; }} }} }}\n"
    )
    running = subprocess.Popen([program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    give_up = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            assert time.monotonic() < give_up
            assert running.poll() is None
            time.sleep(0.05)
    yield port
    running.terminate()
    running.wait(10)


def test_nginx_passes_on_nothing_that_a_visitor_claims(
    nginx: int, heard: tuple[int, list[dict[str, str]]]
) -> None:
    assert httpx.get(f"http://127.0.0.1:{nginx}/", headers=CLAIMED, timeout=10).status_code == 204
    (passed,) = heard[1]
    assert "traceparent" not in passed
    assert "tracestate" not in passed
    assert (passed["x-forwarded-for"], passed["x-forwarded-proto"]) == ("127.0.0.1", "http")
    # Of nginx's own making, and what we take for an id.
    given = passed["x-request-id"]
    assert given != CLAIMED["X-Request-ID"]
    assert request_id(given) == given


def test_caddy_is_told_the_same() -> None:
    text = (DEPLOY / "caddy/Caddyfile").read_text()
    told = dict(re.findall(r"^\t\theader_up (\S+) ?(.*)$", text, re.M))
    assert told == {
        "X-Forwarded-For": "{remote_host}", "X-Request-ID": "{http.request.uuid}",
        "-traceparent": "", "-tracestate": "",
    }  # fmt: skip
