"""Website sessions: ids that only the server can make, and buttons that only their own session can press."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property, lru_cache

from itsdangerous import BadSignature, Signer, TimestampSigner

from bot.settings import settings
from bot.store.keys import secret_key

#: Bytes of chance in a session id: 128 bits cannot be guessed.
ID_BYTES = 16
#: A token older than this share of its life is replaced by a fresh one, so that a conversation in use does not expire.
RENEWED_AFTER = 0.25
_SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


class NoSession(Exception):
    """There is no valid session: no token, a forged one, or one not used for too long."""


class NotOffered(Exception):
    """A button's payload was not signed for this session."""


@dataclass(frozen=True)
class Session:
    """A visitor's conversation. ``renewed`` is a fresh token when the one given is getting old, else None."""

    id: str
    renewed: str | None = None

    @property
    def sender(self) -> str:
        """The sender id that Rasa and the store know the conversation by."""
        return f"web-{self.id}"

    @property
    def token(self) -> str:
        """A token for this session, valid from now for :func:`seconds_valid`."""
        return _tokens().sign(self.id).decode()

    def sign(self, payload: str) -> str:
        """A payload that :meth:`offered` will take from this session and from no other."""
        return self._buttons.sign(payload).decode()

    def offered(self, signed: str) -> str:
        """The payload that was signed for this session.

        Raises:
            NotOffered: when it was altered, made up, or signed for another session.
        """
        try:
            return self._buttons.unsign(signed).decode()
        except (BadSignature, UnicodeError) as error:
            raise NotOffered from error

    @cached_property
    def _buttons(self) -> Signer:
        return Signer(secret_key(), salt=f"web-button:{self.id}", **_SIGNING)  # type: ignore[arg-type]


def seconds_valid() -> int:
    """How long a session lives without being used, in seconds (setting ``WEB_SESSION_HOURS``)."""
    return int(float(settings().web_session_hours) * 3600)


def new_session() -> Session:
    """A session that nobody can guess."""
    return Session(secrets.token_urlsafe(ID_BYTES))


def read_session(token: str) -> Session:
    """The session of a token.

    Raises:
        NoSession: when the token is forged, altered or expired.
    """
    try:
        session_id, signed_at = _tokens().unsign(token, max_age=seconds_valid(), return_timestamp=True)
    except (BadSignature, UnicodeError) as error:
        raise NoSession from error
    session = Session(session_id.decode())
    age = (datetime.now(timezone.utc) - signed_at).total_seconds()
    return Session(session.id, renewed=session.token) if age > seconds_valid() * RENEWED_AFTER else session


@lru_cache(maxsize=1)
def _tokens() -> TimestampSigner:
    return TimestampSigner(secret_key(), salt="web-session", **_SIGNING)  # type: ignore[arg-type]
