"""deploy/kubernetes says of Rockpool what is true, and to Kubernetes what it understands."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.urls import resolve

from community.runner.options import parse
from community.task_queues import QUEUES

from .test_deploy import DEPLOY, NAME, ROOT, documented

BASE = DEPLOY / "kubernetes"
NEWEST = "1.32"


def documents(path):
    return [found for found in yaml.safe_load_all(path.read_text()) if found]


KUSTOMIZATION = documents(BASE / "kustomization.yaml")[0]
PROMETHEUS = DEPLOY / "prometheus/prometheus.yml"
SECRETS = [Path(file).name for file in KUSTOMIZATION["secretGenerator"][0]["files"]]


def laid_over(below, above):
    """As kustomize lays a patch over a resource, of the kinds that are here: mappings by key,
    containers by name, other lists whole."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: laid_over(below.get(key), value) for key, value in above.items()}
    if isinstance(below, list) and below and "command" in below[0]:
        return [laid_over(below[0], above[0])]
    return above


def resources():
    (patch,) = documents(BASE / "running.yaml")
    for name in KUSTOMIZATION["resources"]:
        for found in documents(BASE / name):
            kind = found["kind"]
            is_patched = re.fullmatch(KUSTOMIZATION["patches"][0]["target"]["kind"], kind)
            yield laid_over(found, {"spec": patch["spec"]}) if is_patched else found


def by_kind(kind):
    return {found["metadata"]["name"]: found for found in resources() if found["kind"] == kind}


def pods():
    """Name of a Deployment or Job → what its pods are."""
    running = by_kind("Deployment") | by_kind("Job")
    return {name: found["spec"]["template"]["spec"] for name, found in running.items()}


def container(name):
    (found,) = pods()[name]["containers"]
    return found


def test_everything_that_runs_is_there():
    assert set(pods()) == {
        "rockpool-web", "rockpool-beat", "rockpool-migrate",
        *(f"rockpool-worker-{name}" for name in ("now", "feeds", "sending", "media", "learning")),
    }  # fmt: skip
    there = {path.name for path in BASE.glob("*.yaml")}
    assert there == {*KUSTOMIZATION["resources"], "running.yaml", "kustomization.yaml"}


def test_every_variable_is_one_of_ours_and_every_secret_lies_in_a_file():
    told = dict(
        line.split("=", 1) for line in (BASE / "rockpool.env").read_text().splitlines() if line
    )
    told |= {one["name"]: one["value"] for one in container("rockpool-web")["env"]}
    assert {name for name in told if NAME.fullmatch(name)} == set(told) <= documented()
    files = {value.rpartition("/")[2]: name for name, value in told.items() if "_FILE" in name}
    assert sorted(files) == sorted(SECRETS)
    assert {files[name] for name in files} == {f"ROCKPOOL_{name.upper()}_FILE" for name in files}
    mounted = {m["mountPath"] for m in container("rockpool-web")["volumeMounts"]}
    for name, value in told.items():
        assert "_FILE" not in name or value.rpartition("/")[0] in mounted
    assert "/deploy/kubernetes/secrets/" in (ROOT / ".gitignore").read_text()


@pytest.mark.parametrize("name", pods())
def test_each_runs_as_nobody_special_within_limits(name):
    pod, only = pods()[name], container(name)
    assert (
        f"USER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
        in (DEPLOY / "Dockerfile").read_text()
    )
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    # Else the Service rockpool would set ROCKPOOL_PORT to tcp://….
    assert pod["enableServiceLinks"] is False
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert only["resources"]["limits"]["memory"]
    assert only["resources"]["requests"].keys() == {"cpu", "memory"}
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in only["volumeMounts"]} == volumes


@pytest.mark.parametrize("name", pods())
def test_each_starts_something_that_is_there(name):
    words = [*container(name)["command"], *container(name).get("args", [])]
    assert words[:3] == ["tini", "--", ".venv/bin/python"]
    if words[3] == "manage.py":
        assert (ROOT / "community/management/commands" / f"{words[4]}.py").exists()
        return
    assert words[3:5] == ["-m", "community.runner.one"]
    role = name.removeprefix("rockpool-").partition("-")[0]
    assert words[5] == role
    assert str(parse(words[6:]).data) == "/data"


def test_the_workers_serve_every_queue_once_as_those_of_compose_do():
    served = {name: container(name)["args"][1] for name in pods() if "worker" in name}
    assert sorted(",".join(served.values()).split(",")) == sorted(QUEUES)
    scaled = yaml.safe_load((DEPLOY / "compose.scaled.yaml").read_text())["services"]
    for name, queues in served.items():
        if compose := scaled.get(name.removeprefix("rockpool-")):
            assert compose["command"] == ["--queues", queues]
            limit = container(name)["resources"]["limits"]["memory"]
            assert limit == compose["mem_limit"].upper() + "i"
        assert pods()[name]["terminationGracePeriodSeconds"] >= 60


def test_each_worker_tells_its_figures_where_prometheus_looks():
    said = (BASE / "rockpool.env").read_text()
    (told,) = re.findall(r"^ROCKPOOL_METRICS_PORT=(\d+)$", said, re.M)
    for name in pods():
        if "worker" in name:
            assert container(name)["ports"] == [{"name": "metrics", "containerPort": int(told)}]
    (web,) = container("rockpool-web")["ports"]
    kept = re.search(r"regex: (http\|metrics)$", PROMETHEUS.read_text(), re.M)
    assert set(kept[1].split("|")) == {web["name"], "metrics"}


def test_probes_ask_what_is_there_by_the_name_that_is_allowed(db):
    web = container("rockpool-web")
    asked = {kind: web[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: resolve(get["path"]).view_name for kind, get in asked.items()} == {
        "startup": "livez", "liveness": "livez", "readiness": "healthz",
    }  # fmt: skip
    (host,) = {header["value"] for get in asked.values() for header in get["httpHeaders"]}
    assert f"ROCKPOOL_ALLOWED_HOSTS={host}\n" in (BASE / "rockpool.env").read_text()
    (ingress,) = by_kind("Ingress").values()
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == [host]


def test_a_pod_is_out_of_the_service_before_it_ends():
    web, pod = container("rockpool-web"), pods()["rockpool-web"]
    wait = int(web["lifecycle"]["preStop"]["exec"]["command"][1])
    from community.runner.services import WEB_DRAIN_SECONDS

    assert pod["terminationGracePeriodSeconds"] >= wait + WEB_DRAIN_SECONDS + 5


def test_what_stands_in_front_finds_the_web():
    (service,), (budget,) = by_kind("Service").values(), by_kind("PodDisruptionBudget").values()
    (scaler,) = by_kind("HorizontalPodAutoscaler").values()
    deployment = by_kind("Deployment")[scaler["spec"]["scaleTargetRef"]["name"]]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == labels == deployment["spec"]["selector"]["matchLabels"]
    assert budget["spec"]["selector"]["matchLabels"] == labels
    assert budget["spec"]["minAvailable"] < scaler["spec"]["minReplicas"]
    # Two who say how many would undo each other's work.
    assert "replicas" not in deployment["spec"]


def test_alive_asks_nobody(db, django_assert_num_queries, settings):
    """The database may be away: a pod that is started anew for that mends nothing."""
    settings.SECURE_SSL_REDIRECT = True

    def away(execute, sql, params, many, context):
        raise AssertionError(sql)

    with connection.execute_wrapper(away):
        answer = Client().get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


# ---------------------------------------------------------------- what Kubernetes understands
@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What kustomize makes of it, with secrets of our own."""
    kubectl = shutil.which("kubectl")
    if not kubectl:
        pytest.skip("no kubectl here")
    folder = tmp_path_factory.mktemp("kubernetes") / "base"
    shutil.copytree(BASE, folder, ignore=shutil.ignore_patterns("secrets"))
    (folder / "secrets").mkdir()
    for name in SECRETS:
        (folder / "secrets" / name).write_text("secret")
    done = subprocess.run(
        [kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def test_what_the_migration_needs_is_applied_with_it(built):
    selector = re.search(r"--selector (\S+)=(\S+)", (DEPLOY / "README.md").read_text())
    with_it = {
        (found["kind"], found["metadata"]["name"])
        for found in built
        if found["metadata"].get("labels", {}).get(selector[1]) == selector[2]
    }
    (job,) = (found for found in built if found["kind"] == "Job")
    pod = job["spec"]["template"]["spec"]
    needed = {("Job", job["metadata"]["name"])}
    needed |= {
        ("ConfigMap", one["configMapRef"]["name"]) for one in pod["containers"][0]["envFrom"]
    }
    for volume in pod["volumes"]:
        if "secret" in volume:
            needed.add(("Secret", volume["secret"]["secretName"]))
        if "persistentVolumeClaim" in volume:
            needed.add(("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]))
    assert len(needed) == 4
    assert with_it == needed


def test_kustomize_makes_of_it_what_we_read_here(built):
    made = {(found["kind"], found["metadata"]["name"]): found for found in built}
    ours = {(found["kind"], found["metadata"]["name"]) for found in resources()}
    generated = {(kind, name) for kind, name in made if kind in ("ConfigMap", "Secret")}
    assert set(made) == ours | generated
    for kind in ("Deployment", "Job"):
        for name in by_kind(kind):
            (there,) = made[kind, name]["spec"]["template"]["spec"]["containers"]
            here = container(name)
            for key in ("command", "resources", "securityContext", "volumeMounts"):
                assert there[key] == here[key], (name, key)
            config = there["envFrom"][0]["configMapRef"]["name"]
            assert ("ConfigMap", config) in made


def test_the_schemas_of_kubernetes_accept_it(built):
    validate = pytest.importorskip(
        "kubernetes_validate", reason="needs requirements-scaled-dev.txt: make test-scaled"
    )
    for found in built:
        validate.validate(found, NEWEST, strict=True)
    broken = next(found for found in built if found["kind"] == "Deployment")
    broken["spec"]["template"]["spec"]["containers"][0]["redinessProbe"] = {}
    with pytest.raises(validate.ValidationError, match="redinessProbe"):
        validate.validate(broken, NEWEST, strict=True)
