"""Compares the locked versions with a public database of known weaknesses (pip-audit), and says plainly when it could not.

What is judged in docs/security.md, named there by its identifier, is listed but does not fail the audit; anything else does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PIP_AUDIT = "pip-audit>=2.7,<3"
#: Seconds for all of it; a database that hangs must not hang the build.
WITHIN = 300
_IDENTIFIER = re.compile(r"\b(?:CVE-\d{4}-\d+|PYSEC-\d{4}-\d+|GHSA(?:-[a-z0-9]{4}){3})\b")


def judged(page: str) -> frozenset[str]:
    """The identifiers that a page names."""
    return frozenset(_IDENTIFIER.findall(page))


def findings(report: dict) -> list[tuple[str, str, set[str], list[str]]]:
    """What pip-audit found: package, version, identifiers of the weakness, versions without it."""
    return [(package["name"], package["version"], {found["id"], *found.get("aliases", [])}, found.get("fix_versions", []))
            for package in report["dependencies"] for found in package.get("vulns", [])]


def not_done(why: str) -> int:
    """Say that nothing was compared; no failure, so that a build without internet goes on."""
    print(f"AUDIT NOT DONE: {why}")
    print("The judgement in docs/security.md stands as it was written; run `make audit` where the internet is reachable.")
    return 0


def run(folder: Path) -> dict | str:
    """pip-audit's report, or why there is none."""
    report = folder / "report.json"
    command = [str(PROJECT / ".venv/bin/uv"), "tool", "run", "--quiet", PIP_AUDIT, "-r", str(PROJECT / "requirements.lock"), "--no-deps",
               "--disable-pip", "--vulnerability-service", "osv", "--progress-spinner", "off", "--format", "json", "-o", str(report)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, cwd=folder)
    except subprocess.TimeoutExpired:
        return f"no answer within {WITHIN} s"
    if not report.is_file() or not report.read_text().strip():
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return said[-1][:300] if said else f"pip-audit ended with code {done.returncode} and no report"
    found: dict = json.loads(report.read_text())
    return found


def main() -> int:
    """0: nothing new, or not done; 1: a weakness that nobody has judged."""
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder))
    if isinstance(report, str):
        return not_done(report)
    known, new = judged((PROJECT / "docs" / "security.md").read_text()), 0
    for name, version, identifiers, mended in findings(report):
        state = "judged" if identifiers & known else "NEW"
        new += state == "NEW"
        print(f"{state:7} {name} {version}: {', '.join(sorted(identifiers))}; without it: {', '.join(mended) or 'no version yet'}")
    print(f"Audited {len(report['dependencies'])} packages: {new} weaknesses are not judged in docs/security.md")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
