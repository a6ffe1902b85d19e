"""A stranger can neither read nor continue another's conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from itsdangerous import TimestampSigner

from bot.channels.web_session import RENEWED_AFTER, new_session, seconds_valid
from tests.web.visitor import SITE, Visitor


@pytest.fixture
def patient(visitor: Visitor) -> Visitor:
    """Somebody with a conversation worth reading."""
    visitor.say("does treating lupus help migraine?")
    return visitor


def read_as(patient: Visitor, token: str, origin: str | None = None) -> int:
    return Visitor(patient.url, origin=origin, token=token).request("GET", "conversation").status_code


def test_ids_are_long_random_and_the_servers_own(arriving: Callable[[], Visitor]) -> None:
    tokens = {arriving().token for _ in range(20)}
    ids = {token.split(".")[0] for token in tokens}
    assert len(ids) == 20
    assert all(len(one) >= 22 for one in ids)


def test_a_guessed_id_opens_nothing(patient: Visitor) -> None:
    session_id = patient.token.split(".")[0]
    for guess in (session_id, f"web-{session_id}", "default", "", "a.b.c", f"{session_id}.{'A' * 6}.{'A' * 43}"):
        assert read_as(patient, guess) == 401


def test_an_altered_token_opens_nothing(patient: Visitor, arriving: Callable[[], Visitor]) -> None:
    session_id, signed_at, signature = patient.token.split(".")
    theirs = arriving().token.split(".")
    changed = ("B" if signature[5] == "A" else "A").join((signature[:5], signature[6:]))
    for token in (
        f"{session_id}.{signed_at}.{changed}",
        f"{session_id}.{theirs[1]}.{theirs[2]}",
        f"{theirs[0]}.{signed_at}.{signature}",
        f"{session_id}.{signed_at}",
        patient.token.swapcase(),
    ):
        assert read_as(patient, token) == 401
    assert read_as(patient, patient.token) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://clinic.localhost.evil.example",
        "http://clinic.localhost:81",
        "https://clinic.localhost",
        "file://",
    ],
)
def test_another_website_is_refused_even_with_the_token(patient: Visitor, origin: str) -> None:
    stranger = Visitor(patient.url, origin=origin, token=patient.token)
    for method, path in (
        ("GET", "conversation"),
        ("DELETE", "conversation"),
        ("POST", "message"),
        ("POST", "session"),
        ("OPTIONS", "message"),
    ):
        answer = stranger.request(method, path, {"text": "hello"})
        assert answer.status_code == 403
        assert answer.json()["error"] == "wrong_origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(patient.turns()) == 1


def test_the_clinics_website_is_let_in(patient: Visitor) -> None:
    site = Visitor(patient.url, origin=SITE, token=patient.token)
    answer = site.request("GET", "conversation")
    if answer.status_code == 403:
        pytest.skip(f"the assistant at ASSISTANT_URL was started without WEB_ORIGINS={SITE}")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Cache-Control"] == "no-store"
    preflight = site.request("OPTIONS", "message", headers={"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    own_page = Visitor(patient.url, origin=patient.url, token=patient.token)
    assert own_page.request("GET", "conversation").status_code == 200


def test_a_payload_of_another_session_is_refused(patient: Visitor, arriving: Callable[[], Visitor]) -> None:
    button = patient.say("what is occipital neuralgia?")["buttons"][0]
    stranger = arriving()
    for replayed in (
        button["send"],
        button["send"].rpartition(".")[0],
        '/choose{"answer": "autoimmune/turmeric"}',
        "/delete_my_data",
        button["send"].replace("/choose", "/open_topic"),
    ):
        answer = stranger.request("POST", "message", {"button": replayed})
        assert answer.status_code == 403
        assert answer.json()["error"] == "not_offered"
    assert stranger.turns() == []
    assert patient.press(button)["kind"] == "answer"


def _signed(session_id: str, age: float, monkeypatch: pytest.MonkeyPatch) -> str:
    at = int((datetime.now(timezone.utc) - timedelta(seconds=age)).timestamp())
    from bot.channels import web_session

    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda _self: at)
        return web_session.Session(session_id).token


def test_an_old_session_expires_and_one_in_use_is_renewed(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = new_session().id
    if read_as(visitor, _signed(session_id, 0, monkeypatch)) == 401:
        pytest.skip("the assistant at ASSISTANT_URL has another SECRET_KEY than this test run")
    expired = Visitor(visitor.url, token=_signed(session_id, seconds_valid() + 60, monkeypatch))
    answer = expired.request("POST", "message", {"text": "hello"})
    assert answer.status_code == 401
    assert answer.json()["error"] == "no_session"
    assert "555" in answer.json()["message"]
    ageing = Visitor(visitor.url, token=_signed(session_id, seconds_valid() * RENEWED_AFTER + 60, monkeypatch))
    renewed = ageing.request("GET", "conversation").json()["session"]
    assert renewed.split(".")[0] == session_id
    assert read_as(visitor, renewed) == 200
    assert "session" not in visitor.request("GET", "conversation").json()
