"""A process that has no use for TensorFlow does not load it; a clinic that adds Rasa's learnt components gets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import serving
from bot.rasa_without_tensorflow import is_needed
from bot.settings import PROJECT
from tests.conftest import Server

LOADED = "import sys; print(sorted(name for name in sys.modules if name == 'tensorflow'), hasattr(sys.modules.get('tensorflow'), '__version__'))"


def test_the_delivered_configuration_needs_none() -> None:
    assert not is_needed()


@pytest.mark.parametrize("config", [
    "pipeline:\n  - name: bot.nlu.tokenizer.SpacyTokenizer\n  - name: DIETClassifier\npolicies:\n  - name: RulePolicy\n",
    "pipeline:\n  - name: bot.nlu.tokenizer.SpacyTokenizer\npolicies:\n  - name: RulePolicy\n  - name: TEDPolicy\n",
    "pipeline:\n  - name: bot.nlu.tokenizer.SpacyTokenizer\n",
    "policies:\n  - name: RulePolicy\n",
    "language: en\n",
], ids=["DIET", "TED", "Rasa's policies", "Rasa's pipeline", "Rasa's default"])
def test_rasas_learnt_components_get_it(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.yml").write_text(config)
    assert is_needed(tmp_path / "config.yml")


def test_rasa_starts_without_it() -> None:
    program = f"from bot.rasa_without_tensorflow import leave_out; leave_out(); import rasa.core.agent, rasa.model_training; {LOADED}"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, env=serving.environment(), capture_output=True, text=True)
    assert done.stdout.split("\n")[-2] == "['tensorflow'] False", done.stderr[-2000:]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has loaded is seen on Linux alone")
def test_the_served_assistant_has_not_loaded_it(server: Server) -> None:
    port = server.url.rsplit(":", 1)[1]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, maps = (process / "cmdline").read_bytes(), (process / "maps").read_text()
        except OSError:
            continue
        if port.encode() in command and b"run" in command.split(b"\0"):
            assert "numpy" in maps and "tensorflow" not in maps
            return
    pytest.skip("the assistant runs elsewhere")
