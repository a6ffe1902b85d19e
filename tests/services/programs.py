"""Redis and nginx, started by a test without privileges in a folder of their own (PostgreSQL: tests/postgres.py)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HOST = "127.0.0.1"
#: Where Debian keeps what is not on everybody's path.
MORE_PLACES = ("/usr/sbin",)
#: Where the tests run as root, what they start does not.
NOBODY: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def program(name: str) -> str:
    """The path of a program; skips the test where it is missing."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *MORE_PLACES]))
    if not found:
        pytest.skip(f"{name} is missing; install the Debian package {name}")
    return found


def listens(port: int) -> bool:
    """Whether something takes connections on a port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def until(true: Callable[[], bool], within: float, what: str, every: float = 0.05) -> None:
    """Wait for something to become true, so many seconds at most."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"{what}: not within {within:g} s"
        time.sleep(every)


class Program:
    """A program that can be started, stopped, killed and started again. Subclasses say how."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder / self.name, port
        self.process: subprocess.Popen[bytes] | None = None
        self.folder.mkdir()
        # Also where the test runs as root: the folder is the program's own.
        if NOBODY:
            shutil.chown(self.folder, NOBODY["user"], NOBODY["group"])
        self.prepare()

    def prepare(self) -> None:
        """What is needed once, before the first start."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        assert not listens(self.port), f"port {self.port}, which this test needs, is taken"
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
                                            **NOBODY)
        until(lambda: self.is_ready() or self.process.poll() is not None, 20, f"{self.name} starts")
        assert self.process.poll() is None, (self.folder / "output.log").read_text()[-2000:]

    def is_ready(self) -> bool:
        return listens(self.port)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            self.process.wait(15)

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, **NOBODY)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()[-2000:]
        return done


class Redis(Program):
    """A Redis server that keeps nothing on disk."""

    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def command(self) -> list[str]:
        return [program("redis-server"), "--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no",
                "--dir", str(self.folder)]


class Nginx(Program):
    """nginx with the files of deploy/nginx; only the addresses are the test's."""

    name = "nginx"
    stop_signal = signal.SIGQUIT

    def __init__(self, folder: Path, port: int, private_port: int, settings: Path):
        self.private_port, self.settings = private_port, settings
        super().__init__(folder, port)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def private_url(self) -> str:
        return f"http://{HOST}:{self.private_port}"

    def prepare(self) -> None:
        own = Path(shutil.copytree(self.settings, self.folder / "settings"))
        log = f"access_log {self.folder}/access.log assistant;\n"
        (own / "listen.conf").write_text(f"listen {HOST}:{self.port};\n{log}")
        (own / "listen-private.conf").write_text(f"listen {HOST}:{self.private_port};\n{log}")

    def command(self) -> list[str]:
        return [program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "settings" / "nginx.conf"),
                "-g", "daemon off;"]

    def pass_on_to(self, ports: list[int]) -> None:
        """Name the assistant's processes, and take that up without dropping a request."""
        servers = "".join(f"    server {HOST}:{port} max_fails=0;\n" for port in ports)
        named = self.folder / "settings" / "upstream.conf"
        text = f"upstream assistant {{\n    zone assistant 64k;\n{servers}}}\n"
        if named.read_text() == text:
            return
        named.write_text(text)
        if self.process:
            self.process.send_signal(signal.SIGHUP)

    @contextmanager
    def served_by(self) -> Iterator[list[str]]:
        """The addresses that answered the requests made meanwhile, in order; filled at the end."""
        log = self.folder / "access.log"
        before, seen = len(log.read_text().splitlines()) if log.exists() else 0, []
        yield seen
        time.sleep(0.1)
        # "… 0.012s to 127.0.0.1:5145, 127.0.0.1:5146 502, 200": the last one asked has answered.
        for line in log.read_text().splitlines()[before:]:
            seen.append(re.findall(r"127[.]0[.]0[.]1:\d+|-", line.split("s to ")[1])[-1])
