"""Sender ids become keyed hashes; the key is a secret of the installation."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import PROJECT, settings

logger = logging.getLogger(__name__)
SHORTEST = 32


def secret_key() -> bytes:
    """The secret of the installation: the setting, else one made once and kept beside the database.

    Raises:
        ValueError: when the setting is too short to be a secret.
    """
    return _secret_key(settings().secret_key, str(key_file()))


def key_file() -> Path:
    """Where a secret that was not set is kept: beside an SQLite database, else in `var/`."""
    return _key_file(settings().database_url)


@lru_cache(maxsize=4)
def _key_file(database_url: str) -> Path:
    address = make_url(database_url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        return Path(address.database).parent / "secret.key"
    return PROJECT / "var" / "secret.key"


@lru_cache(maxsize=4)
def _secret_key(given: str, file: str) -> bytes:
    if given:
        if len(given) < SHORTEST:
            raise ValueError(f"SECRET_KEY must have at least {SHORTEST} characters")
        return given.encode()
    try:
        return _kept_in(Path(file))
    except OSError as error:
        logger.error(
            "No secret can be kept in %s (%s): one for this process alone is used, and conversations end with it. "
            "Set SECRET_KEY or make the folder writable",
            file,
            type(error).__name__,
        )
        return secrets.token_hex(SHORTEST).encode()


def _kept_in(file: Path) -> bytes:
    """The secret in a file, made if missing; whole or not at all, also when several processes start together."""
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.touch(0o600)
        draft.write_text(secrets.token_hex(SHORTEST))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept = file.read_bytes()
    if len(kept) < SHORTEST:
        raise OSError(f"{file} holds no secret")
    return kept


def conversation_key(sender: str) -> str:
    """What a sender is stored under (64 hexadecimal digits)."""
    return hmac.new(secret_key(), sender.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
