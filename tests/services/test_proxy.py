"""What nginx lets through, and what it says itself."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.settings import PROJECT
from tests.services.conftest import Clinic
from tests.services.programs import Nginx, program


def ask(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
    """Status, JSON body and headers of whatever comes back."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})})
    try:
        answer = urllib.request.urlopen(request, timeout=15)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, json.loads(answer.read() or b"null"), answer.headers


@pytest.mark.parametrize("path", [
    "/", "/webhooks/rest/webhook", "/webhooks/telegram/webhook", "/healthz", "/status", "/version", "/model",
    "/metrics", "/conversations/x/tracker", "/webhooks/callback/webhook", "/unavailable.json"])
def test_internet_reaches_nothing_but_the_channels(clinic: Clinic, path: str) -> None:
    assert ask(clinic.nginx.url + path)[:2] == (404, {"error": "not_found"})


def test_widget_is_served(clinic: Clinic) -> None:
    with urllib.request.urlopen(clinic.nginx.url + "/widget.js", timeout=10) as answer:
        assert "javascript" in answer.headers["Content-Type"]


def test_too_large_a_body_is_refused_with_words(clinic: Clinic, knowledge: KnowledgeBase) -> None:
    with clinic.nginx.served_by() as processes:
        status, body, _ = ask(clinic.nginx.url + "/webhooks/web/message", b"x" * 20_000, {"Origin": "https://a.example"})
    assert status == 413
    assert knowledge.clinic.phone in body["message"]
    assert processes == ["-"], "the body reached a process"


def test_visitors_cannot_choose_their_address(clinic: Clinic) -> None:
    """A process counts requests by the address that nginx writes; a made-up one in front of it does not count."""
    url = f"{clinic.nginx.url}/webhooks/web/session"
    statuses = [ask(url, b"{}", {"X-Forwarded-For": f"192.0.2.{n}"})[0] for n in range(90)]
    assert 429 in statuses
    assert statuses[:40] == [201] * 40


def test_words_and_number_when_no_process_answers(clinic: Clinic, knowledge: KnowledgeBase) -> None:
    clinic.nginx.pass_on_to([clinic.free_ports[0]])
    try:
        status, body, headers = wait_for_503(clinic.nginx.url + "/widget.js", {"Origin": "https://www.clinic.example"})
        rest_status, messages, _ = ask(clinic.url + "/webhooks/rest/webhook", b'{"sender": "x", "message": "hello"}')
    finally:
        clinic.heal()
    assert (status, rest_status) == (503, 503)
    assert knowledge.clinic.phone in body["message"]
    # The page of the clinic's website may read them.
    assert headers["Access-Control-Allow-Origin"] == "https://www.clinic.example"
    assert messages[-1]["custom"]["reply"]["kind"] == "unavailable"
    assert knowledge.clinic.phone in messages[0]["text"]


def wait_for_503(url: str, headers: dict[str, str]) -> tuple[int, Any, Any]:
    for _ in range(100):
        with contextlib.suppress(json.JSONDecodeError):  # still the widget's own file
            return ask(url, headers=headers)
        time.sleep(0.05)
    raise AssertionError("nginx did not take up that no process is left")


CONTAINER = ["listen.container.conf", "listen-private.container.conf"]


@pytest.mark.parametrize("own", [["listen.conf", "listen-private.conf", "upstream.conf"],
                                 [*CONTAINER, "upstream.compose.conf"], [*CONTAINER, "upstream.kubernetes.conf"]])
def test_settings_as_delivered_are_valid(nginx: Nginx, tmp_path: Path, own: list[str]) -> None:
    """nginx itself reads them, with a certificate of the test's own and the containers' names resolved."""
    folder = PROJECT / "deploy" / "nginx"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "1",
                    "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")],
                   check=True, capture_output=True)
    for path in folder.glob("*.conf"):
        text = path.read_text().replace("/etc/assistant/tls", str(tmp_path)).replace("assistant-1:", "127.0.0.1:")
        text = text.replace("assistant-2:", "127.0.0.2:").replace("server assistant:", "server 127.0.0.1:")
        (tmp_path / path.name).write_text(text)
    for given, name in zip(own, ("listen.conf", "listen-private.conf", "upstream.conf")):
        (tmp_path / name).write_text((tmp_path / given).read_text())
    done = subprocess.run([program("nginx"), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
