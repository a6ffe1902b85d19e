"""How often one session, and one address, may ask. Kept in the memory of this process."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

#: Buckets remembered at most; the longest unused go first.
REMEMBERED = 20_000


class RateLimit:
    """A bucket of ``per_minute`` tokens a key, refilled evenly. Each request takes one."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic):
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one token: 0.0 when there was one, else the seconds until there is."""
        now = self._clock()
        left, at = self._buckets.pop(key, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - at) * self.per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self.per_minute


def address_key(address: str) -> str:
    """What an address is counted under: itself, or for IPv6 its /64, which is one household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
