"""Every setting of the assistant, read from the environment once, in one place.

docs/operations.md lists them; a test compares that table with this file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def _setting(default: str, doc: str, secret: bool = False) -> str:
    return field(default=default, metadata={"doc": doc, "secret": secret})  # type: ignore[return-value]


@dataclass(frozen=True)
class Settings:
    """One field a setting; the environment variable has the field's name in capitals."""

    knowledge_folder: str = _setting(str(PROJECT / "knowledge"), "folder of the knowledge base")
    encoder_folder: str = _setting("", "folder of the sentence encoder's files; empty: the installed package")
    encoder_cache: str = _setting(str(PROJECT / "models" / "encoder"), "where the prepared encoder is kept")
    encoder_threads: str = _setting("2", "processor threads the encoder may use")
    database_url: str = _setting(f"sqlite:///{PROJECT / 'var' / 'assistant.db'}", "SQLAlchemy address of the store")
    retention_days: str = _setting("30", "days after which everything stored of a conversation is deleted")
    secret_key: str = _setting("", "signs website sessions and hashes sender ids; at least 32 characters; empty: "
                               "made once and kept beside the database", secret=True)
    web_origins: str = _setting("", "websites that may show the assistant besides its own pages, separated by commas: "
                                "https://www.clinic.example")
    web_session_hours: str = _setting("24", "hours after which a website conversation that is not used can't be opened again")
    web_messages_per_minute: str = _setting("20", "messages that one website conversation may send in a minute")
    web_requests_per_minute: str = _setting("240", "website requests that one address may send in a minute; a waiting room shares one")
    web_demo: str = _setting("on", "demonstration pages at /; anything but `on` leaves them out")
    trusted_proxies: str = _setting("0", "proxies in front that write X-Forwarded-For: the address of a visitor is taken from it")
    telegram_token: str = _setting("", "token of the clinic's Telegram bot; empty: no Telegram", secret=True)
    telegram_secret: str = _setting("", "what Telegram must send with each update (letters, digits, _ and -); empty: "
                                    "made from SECRET_KEY", secret=True)
    telegram_mode: str = _setting("", "`webhook` or `polling`; empty: webhook where a public address is given")
    telegram_public_url: str = _setting("", "https address at which the internet reaches this assistant")
    telegram_api: str = _setting("https://api.telegram.org", "address of the Bot API server")
    metrics_port: str = _setting("", "port of the Prometheus metrics, which must not be reachable from outside; empty: none")
    metrics_host: str = _setting("127.0.0.1", "address that the metrics listen on")
    log_format: str = _setting("", "`json`: one JSON object a line; empty: plain lines")


def variable(name: str) -> str:
    """The environment variable of a setting: `database_url` → `DATABASE_URL`."""
    return name.upper()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Tests that change the environment call ``settings.cache_clear()``."""
    given = {f.name: os.environ[variable(f.name)] for f in fields(Settings) if os.environ.get(variable(f.name))}
    return Settings(**given)
