"""The rate limit by itself, with a clock of its own."""

from __future__ import annotations

from bot.channels import web_limits
from bot.channels.web_limits import RateLimit, address_key


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_at_once_then_evenly() -> None:
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.wait("a") for _ in range(6)] == [0.0] * 6
    assert limit.wait("a") == 10.0
    assert limit.wait("b") == 0.0
    clock.now = 10.0
    assert limit.wait("a") == 0.0
    assert limit.wait("a") > 0


def test_asking_too_early_costs_nothing() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    limit.wait("a")
    for _ in range(50):
        assert limit.wait("a") == 60.0
    clock.now = 60.0
    assert limit.wait("a") == 0.0


def test_memory_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(web_limits, "REMEMBERED", 10)
    limit = RateLimit(1, Clock())
    for number in range(100):
        limit.wait(str(number))
    assert len(limit._buckets) == 10


def test_one_household_is_one_address() -> None:
    assert address_key("2001:db8:1:2:3::4") == address_key("2001:db8:1:2:ffff::1") != address_key("2001:db8:1:3::1")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key("not an address") == "not an address"
