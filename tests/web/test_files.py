"""What a browser loads: small, our own, and the same in every language."""

from __future__ import annotations

import json
import re

import pytest
import requests

from bot.channels.web_files import WIDGET, languages
from bot.knowledge_base import KnowledgeBase
from tests.conftest import Server


def test_the_widget_is_under_25_kilobytes_and_asks_no_third_party(server: Server, knowledge: KnowledgeBase) -> None:
    answer = requests.get(server.url + "/widget.js", timeout=10)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert len(answer.content) <= 25_000
    code = answer.content.decode()
    assert knowledge.clinic.phone in code
    assert set(re.findall(r"https?://[\w.]+", code)) <= {"http://www.w3.org"}  # the name of SVG, never fetched
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "document.cookie"):
        assert forbidden not in code


def test_the_widget_comes_compressed_and_is_not_sent_twice(server: Server) -> None:
    answer = requests.get(server.url + "/widget.js", timeout=10)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 11_000
    again = requests.get(server.url + "/widget.js", headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
    assert again.status_code == 304


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_label(server: Server, language: str) -> None:
    english = json.loads((WIDGET / "labels" / "en.json").read_text("utf-8"))
    given = requests.get(f"{server.url}/widget/{language}.json", timeout=10).json()
    assert set(given) == set(english)
    assert given["dir"] in ("ltr", "rtl")
    for name, words in given.items():
        assert words.strip(), name
        assert re.findall(r"\{\w+\}", words) == re.findall(r"\{\w+\}", english[name]), name


@pytest.mark.parametrize("file", ["xx.json", "..%2fwidget.js", "en", "%00.json"])
def test_nothing_else_is_served(server: Server, file: str) -> None:
    answer = requests.get(f"{server.url}/widget/{file}", timeout=10)
    assert answer.status_code == 404 or answer.json()["dir"] == "ltr"


@pytest.mark.parametrize("path", ["/", "/visiting"])
def test_the_demonstration_pages_keep_the_rules_they_recommend(
    server: Server, knowledge: KnowledgeBase, path: str
) -> None:
    answer = requests.get(server.url + path, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert knowledge.clinic.name in answer.text
    assert '<script src="widget.js" defer' in answer.text
    assert " style=" not in answer.text
    assert "<style" not in answer.text
