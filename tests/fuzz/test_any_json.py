"""hypothesis looks for the JSON, the texts and the payloads that break a channel, and makes what it finds small."""

from __future__ import annotations

import os

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.reply import KINDS
from bot.channels.intake import TooLong, is_offered_payload, take_in
from bot.knowledge_base import KnowledgeBase
from bot.nlu.language import MOST_CHARACTERS, clean
from tests.conftest import Server

EXAMPLES = max(60, int(os.environ.get("FUZZ_INPUTS", "3000")) // 50)
ANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=EXAMPLES * 10, deadline=None, suppress_health_check=list(HealthCheck))

texts = st.text(st.characters(), max_size=300)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner, max_size=5),
    max_leaves=20,
)
messages = st.fixed_dictionaries({"message": json_values}, optional={"sender": json_values, "metadata": json_values, "message_id": json_values})
intents = st.sampled_from(["greet", "choose", "open_topic", "affirm", "restart", "session_start", "back", "delete_my_data", "nlu_fallback"])
payloads = st.builds(
    lambda intent, slots, space: f"/{intent}{space}{slots}",
    intents,
    st.dictionaries(st.sampled_from(["answer", "open_topic", "red_flag", "a"]), texts, max_size=3).map(str) | texts,
    st.sampled_from(["", " ", "\n", "\u200b", "@0.9"]),
)


@pytest.mark.fuzz
@ANY
@given(body=json_values | messages)
def test_the_rest_channel(server: Server, body: object) -> None:
    answer = requests.post(f"{server.url}/webhooks/rest/webhook", json=body if _sendable(body) else None, timeout=30)
    if answer.status_code == 200:
        kinds = [message["custom"]["reply"]["kind"] for message in answer.json() if "custom" in message]
        assert len(kinds) == 1 and kinds[0] in KINDS and kinds[0] != "unavailable"
    else:
        assert answer.status_code in (400, 413) and answer.json()["error"]


@pytest.mark.fuzz
@ANY
@given(body=json_values | st.fixed_dictionaries({"text": texts}) | st.fixed_dictionaries({"button": texts}))
def test_the_website_without_a_session(server: Server, body: object) -> None:
    answer = requests.post(
        f"{server.url}/webhooks/web/message", json=body if _sendable(body) else None, timeout=30, headers={"X-Forwarded-For": "1.2.3.4"}
    )
    assert answer.status_code in (401, 429) and "555-0142" in answer.json()["message"]


@pytest.mark.fuzz
@MANY
@given(text=payloads | texts)
def test_nobody_reaches_rasa_with_a_command_that_was_not_offered(knowledge: KnowledgeBase, text: str) -> None:
    try:
        taken = take_in(text, knowledge)
    except TooLong:
        assert len(text) > MOST_CHARACTERS
        return
    assert not taken.startswith("/") or is_offered_payload(taken, knowledge)
    assert len(taken) <= MOST_CHARACTERS


@pytest.mark.fuzz
@MANY
@given(text=texts)
def test_a_cleaned_text_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()  # no half of a character is left
    assert "\x00" not in cleaned


def _sendable(body: object) -> bool:
    """requests refuses numbers that JSON does not know."""
    try:
        requests.models.complexjson.dumps(body, allow_nan=False).encode()
    except (ValueError, UnicodeError):
        return False
    return True
