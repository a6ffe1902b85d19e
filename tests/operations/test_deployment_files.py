"""What deploy/ says fits the code: settings that exist, files that are there, probes that probe. Nothing is started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
import yaml

from bot.proxy_words import REFUSED, REST
from bot.settings import PROJECT, Settings, variable

DEPLOY = PROJECT / "deploy"
#: Read by Rasa, by `python -m bot serve` or by compose itself.
ELSEWHERE = {"REDIS_URL", "ACTIONS_URL", "PORT", "INTERFACE", "SANIC_BACKLOG", "DATABASE_PASSWORD", "ASSISTANT_TAG"}
KNOWN = {variable(field.name) for field in fields(Settings)} | ELSEWHERE


def documents(path: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / path).read_text()))


def one(path: str, kind: str) -> dict[str, Any]:
    return next(found for found in documents(path) if found["kind"] == kind)


def given_settings() -> Iterator[tuple[str, str]]:
    for line in (DEPLOY / "assistant.env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            yield "assistant.env.example", line.partition("=")[0]
    compose = documents("compose.yaml")[0]
    for name, service in compose["services"].items():
        if "assistant" in str(service.get("image")):
            for variable_name in service["environment"]:
                yield f"compose.yaml {name}", variable_name
    for name in re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()):
        yield "compose.yaml", name
    for name in one("kubernetes/assistant.yaml", "ConfigMap")["data"]:
        yield "kubernetes/assistant.yaml", name
    for secret in documents("kubernetes/secret.example.yaml"):
        for name in secret["stringData"]:
            yield "kubernetes/secret.example.yaml", name


@pytest.mark.parametrize(("where", "name"), sorted(set(given_settings())))
def test_every_setting_given_exists(where: str, name: str) -> None:
    assert name in KNOWN, f"{where} sets {name}, which nothing reads"


@pytest.mark.parametrize("name", ["endpoints.yml", "endpoints-actions-apart.yml"])
def test_endpoints_fit_the_code_and_need_their_addresses(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils.common import class_from_module_path

    monkeypatch.setenv("REDIS_URL", "redis://r.example:6379/0")
    monkeypatch.setenv("ACTIONS_URL", "http://a.example:5055/webhook")
    endpoints = AvailableEndpoints.read_endpoints(str(DEPLOY / name))
    assert endpoints.lock_store.url == "redis://r.example:6379/0"
    assert bool(endpoints.action.kwargs.get("in_process")) == (name == "endpoints.yml")
    for part in (endpoints.lock_store, endpoints.tracker_store):
        assert class_from_module_path(part.type)
    # A machine that was set up without Redis must not start as if it were alone.
    monkeypatch.delenv("REDIS_URL")
    with pytest.raises(RasaException):
        AvailableEndpoints.read_endpoints(str(DEPLOY / name))


def test_image_is_made_from_files_that_are_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    lines = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
    sources = [source for line in lines for source in line.split()[:-1]]
    assert {"bot", "actions", "data", "knowledge", "requirements.lock"} <= set(sources)
    assert [source for source in sources if not (PROJECT / source).exists()] == []
    let_through = (DEPLOY / "Containerfile.dockerignore").read_text()
    assert [source for source in sources if f"!{source}\n" not in let_through] == []


def test_pods_are_probed_where_the_assistant_answers_probes() -> None:
    from bot.channels.health import HealthInput

    deployment = one("kubernetes/assistant.yaml", "Deployment")["spec"]
    pod = deployment["template"]["spec"]
    container = pod["containers"][0]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == HealthInput().url_prefix()
        # A test turn takes up to 5 s when something is wrong; a probe that gives up before says nothing.
        assert container[probe]["timeoutSeconds"] > 5
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert "sessionAffinity" not in one("kubernetes/assistant.yaml", "Service")["spec"]


def test_stopping_leaves_time_for_running_turns() -> None:
    from bot.channels.conversation import PATIENCE

    pod = one("kubernetes/assistant.yaml", "Deployment")["spec"]["template"]["spec"]
    before_stop = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > before_stop + 2 * PATIENCE
    for name, service in documents("compose.yaml")[0]["services"].items():
        if name.startswith("assistant-"):
            assert int(service["stop_grace_period"].rstrip("s")) > 2 * PATIENCE
    unit = (DEPLOY / "systemd" / "assistant@.service").read_text()
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE).group(1)) > 2 * PATIENCE  # type: ignore[union-attr]


def test_proxy_gives_a_process_longer_than_a_turn_may_take() -> None:
    from bot.channels.conversation import PATIENCE
    from bot.channels.web import MOST_BYTES

    text = (DEPLOY / "nginx" / "proxying.conf").read_text()
    read = int(re.search(r"^proxy_read_timeout (\d+)s;", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    again = int(re.search(r"^proxy_next_upstream_timeout (\d+)s;", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    assert PATIENCE < read < again
    assert int(re.search(r"^client_max_body_size (\d+)k;", text, re.MULTILINE).group(1)) * 1024 == MOST_BYTES  # type: ignore[union-attr]


def test_proxy_names_the_words_that_are_written_for_it() -> None:
    text = (DEPLOY / "nginx" / "proxying.conf").read_text() + (DEPLOY / "nginx" / "private.conf").read_text()
    assert set(re.findall(r"/([\w-]+\.json);", text)) == {*REFUSED, REST}
    served = re.search(r"location ~ \^/\(([^)]+)\)", text)
    assert served
    assert {f"{name}.json" for name in served.group(1).split("|")} == {*REFUSED, REST}


def test_kustomization_names_files_that_are_there() -> None:
    given = documents("kustomization.yaml")[0]
    files = [file for made in given["configMapGenerator"] for file in made["files"]]
    named = [*given["resources"], *(file.split("=")[-1] for file in files)]
    assert [name for name in named if not (DEPLOY / name).is_file()] == []
    # Everything that nginx.conf includes is in the map.
    included = set(re.findall(r"include ([\w.-]+);", (DEPLOY / "nginx" / "nginx.conf").read_text()))
    assert included | {"nginx.conf"} == {file.split("=")[0].split("/")[-1] for file in files}


def test_nothing_runs_as_root_or_names_a_real_secret() -> None:
    for name in ("assistant", "telegram", "proxy", "redis"):
        pod = one(f"kubernetes/{name}.yaml", "Deployment")["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
    for line in (DEPLOY / "assistant.env.example").read_text().splitlines():
        if line.startswith(("SECRET_KEY=", "TELEGRAM_TOKEN=", "DATABASE_PASSWORD=")):
            assert line.endswith("=")


def test_one_process_alone_fetches_telegrams_messages() -> None:
    """Telegram refuses two that poll, and the order of a chat is kept within one."""
    spec = one("kubernetes/telegram.yaml", "Deployment")["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    for name, service in documents("compose.yaml")[0]["services"].items():
        if name.startswith("assistant-"):
            assert service["environment"]["TELEGRAM_TOKEN"] == ""
    assert "TELEGRAM_TOKEN" not in one("kubernetes/assistant.yaml", "ConfigMap")["data"]


def test_machines_run_one_rasa_worker_each() -> None:
    """More power is more processes, each a line in upstream.conf."""
    assert [path.name for path in DEPLOY.rglob("*") if path.is_file() and "SANIC_WORKERS" in path.read_text()] == []
