"""Waits until an assistant process answers its health check: `python deploy/wait_healthy.py URL [SECONDS]`.

Exits 0 when it answered 200 within the seconds, else 1. 1 second by default, for a container's health check.
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request


def is_healthy(url: str) -> bool:
    """Whether one look at the address gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=6) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main(url: str, seconds: float = 1.0) -> int:
    """The exit code: 0 healthy in time, 1 not."""
    until = time.monotonic() + seconds
    while True:
        if is_healthy(url):
            return 0
        if time.monotonic() > until:
            print(f"{url} is not healthy after {seconds:g} s", file=sys.stderr)
            return 1
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(float(given) for given in sys.argv[2:3])))
