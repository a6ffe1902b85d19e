"""The files that a browser fetches: the widget, its labels, and the demonstration pages."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jinja2
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.knowledge_base import Clinic

WIDGET = Path(__file__).resolve().parent.parent / "widget"
#: Where widget.js takes the clinic and the English labels from, so that it can help when nothing else is reachable.
PLACE = "/*GIVEN*/ {}"
DEMO_PAGES = {"/": "index.html", "/visiting": "visiting.html"}
DEMO_FILES = {"demo.css": "text/css; charset=utf-8", "demo.svg": "image/svg+xml"}
#: The pages keep the rules that docs/website.md recommends to the clinic's own website.
DEMO_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


@dataclass(frozen=True)
class File:
    """What is sent: the bytes, the same compressed, and a tag that changes with them."""

    body: bytes
    packed: bytes
    tag: str
    kind: str


def as_file(text: str, kind: str) -> File:
    body = text.encode()
    return File(body, gzip.compress(body, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:20]}"', kind)


def languages() -> list[str]:
    """The languages that labels exist in: a file each in `bot/widget/labels/`."""
    return sorted(path.stem for path in (WIDGET / "labels").glob("*.json"))


def widget(clinic: Clinic) -> File:
    """widget.js with the clinic's name and numbers, and English labels, inside."""
    emergency = {country: numbers["emergency"] for country, numbers in clinic.numbers.items() if "emergency" in numbers}
    about = {"name": clinic.name, "phone": clinic.phone, "country": clinic.country, "emergency": emergency}
    return _widget(json.dumps(about, separators=(",", ":")))


@lru_cache(maxsize=2)
def _widget(clinic: str) -> File:
    labels = json.dumps(json.loads(_source("labels/en.json")), separators=(",", ":"), ensure_ascii=False)
    source = _source("widget.js")
    if PLACE not in source:
        raise ValueError(f"bot/widget/widget.js has lost the place {PLACE} that the clinic's numbers go to")
    style, paper = (json.dumps(_tight(_source(name))) for name in ("widget.css", "paper.css"))
    given = f'{{"clinic":{clinic},"labels":{labels},"style":{style},"paper":{paper}}}'
    lines = (line.strip() for line in source.splitlines())
    # Indentation and comments are for who reads the file here; a phone need not load them.
    code = "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))
    code = re.sub(r"(?<=[{(\[,;])\n", "", code)
    return as_file(code.replace(PLACE, given), "text/javascript; charset=utf-8")


def _tight(style: str) -> str:
    """A style sheet without comments and line breaks."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", bare).replace(";}", "}").replace(": ", ":").strip()


def _source(name: str) -> str:
    return (WIDGET / name).read_text("utf-8")


@lru_cache(maxsize=16)
def labels(language: str) -> File | None:
    """The labels of a language; None when there are none."""
    if language not in languages():
        return None
    return as_file(_source(f"labels/{language}.json"), "application/json")


@lru_cache(maxsize=4)
def demo_file(name: str) -> File:
    """A file that the demonstration pages load."""
    return as_file(_source(name), DEMO_FILES[name])


def demo_page(name: str, clinic: Clinic) -> File:
    """A demonstration page (a file of `bot/widget/`) with the clinic's own name, phone and hours."""
    return as_file(_templates().get_template(name).render(clinic=clinic), "text/html; charset=utf-8")


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(WIDGET), autoescape=True)


def sent(request: Request, file: File, seconds: int = 300) -> HTTPResponse:
    """A file as an answer: compressed where the browser can, 304 where it has it; kept for some seconds."""
    headers = {"ETag": file.tag, "Cache-Control": f"public, max-age={seconds}", "Vary": "Accept-Encoding",
               "X-Content-Type-Options": "nosniff"}
    if file.kind.startswith("text/html"):
        headers["Content-Security-Policy"] = DEMO_POLICY
        headers["Cache-Control"] = "no-cache"
    else:
        # Public files without a patient's words: any page may load them; which page may talk is decided elsewhere.
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if request.headers.get("if-none-match") == file.tag:
        return raw(b"", status=304, headers=headers)
    body = file.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = file.packed, "gzip"
    return raw(body, headers=headers, content_type=file.kind)
