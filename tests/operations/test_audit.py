"""`make audit`: what is judged is known by its identifier, and what could not be compared is said."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bot.settings import PROJECT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PROJECT / ".ci" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_judges_by_identifier(audit: ModuleType) -> None:
    known = audit.judged((PROJECT / "docs" / "security.md").read_text())
    assert {"CVE-2024-3660", "CVE-2025-54886"} <= known
    assert "CVE-2099-0001" not in known


def test_versions_named_on_the_page_are_those_of_the_lock() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    page = (PROJECT / "docs" / "security.md").read_text().split("## Dependencies")[1]
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| ") and "pinned" not in row]
    named = [name_version.split() for row in rows for name_version in row.split(",") if "Python" not in name_version]
    assert len(named) > 12
    for name, version in named:
        assert f"\n{name.lower()}=={version} " in "\n" + lock, (name, version)


def test_a_weakness_is_new_unless_one_of_its_names_is_judged(audit: ModuleType, monkeypatch: pytest.MonkeyPatch,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    def weak(identifier: str, *aliases: str) -> dict[str, object]:
        return {"name": "x", "version": "1", "vulns": [{"id": identifier, "aliases": list(aliases), "fix_versions": ["2"]}]}

    monkeypatch.setattr(audit, "run", lambda folder: {"dependencies": [weak("PYSEC-2024-1", "CVE-2024-3660"), {"name": "y", "version": "1"}]})
    assert audit.main() == 0
    monkeypatch.setattr(audit, "run", lambda folder: {"dependencies": [weak("GHSA-aaaa-bbbb-cccc", "CVE-2099-0001")]})
    assert audit.main() == 1
    said = capsys.readouterr().out
    assert "judged  x 1" in said
    assert "NEW     x 1: CVE-2099-0001, GHSA-aaaa-bbbb-cccc; without it: 2" in said


def test_no_internet_is_said_and_is_no_failure(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "noise\nConnectionError: no way out\n")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: failed)
    assert audit.run(tmp_path) == "ConnectionError: no way out"
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: (_ for _ in ()).throw(subprocess.TimeoutExpired("x", 1)))
    assert audit.main() == 0
    assert "AUDIT NOT DONE: no answer within" in capsys.readouterr().out


def test_it_runs_as_a_script() -> None:
    assert subprocess.run([sys.executable, "-m", "py_compile", str(PROJECT / ".ci" / "audit.py")], check=False).returncode == 0
