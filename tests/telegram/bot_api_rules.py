"""What Telegram refuses, with the words in which it does."""

from __future__ import annotations

import re
from typing import Any

METHODS = {"getMe", "sendMessage", "editMessageText", "sendChatAction", "answerCallbackQuery", "setMyCommands",
           "setWebhook", "deleteWebhook", "getUpdates"}
TAGS = {"a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "span", "pre",
        "code", "blockquote"}
ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
           "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
UPDATES = {"message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
           "business_message", "edited_business_message", "deleted_business_messages", "message_reaction",
           "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
           "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
           "chat_join_request", "chat_boost", "removed_chat_boost"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
MOST_TEXT, MOST_DATA, MOST_BUTTONS = 4096, 64, 100
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([A-Za-z]+));?")
_ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)(?=[\s>]))""")


class BadRequest(Exception):
    """What a Bot API server answers instead of a result."""

    def __init__(self, why: str, code: int = 400):
        super().__init__(why)
        self.code = code


def checked_message(parameters: dict[str, Any]) -> tuple[str, str, list[list[dict[str, str]]]]:
    """The words, the source and the buttons of a message that Telegram would send.

    Raises:
        BadRequest: as Telegram would refuse it.
    """
    source = parameters.get("text")
    if not isinstance(source, str) or not source:
        raise BadRequest("Bad Request: message text is empty")
    mode = parameters.get("parse_mode")
    if mode not in (None, "", "HTML"):
        raise BadRequest("Bad Request: unsupported parse_mode")
    text = (parsed_html(source) if mode == "HTML" else source).strip()
    if not text:
        raise BadRequest("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MOST_TEXT:
        raise BadRequest("Bad Request: message is too long")
    return text, source, checked_keyboard(parameters.get("reply_markup"))


def parsed_html(source: str) -> str:
    """The text that Telegram reads out of HTML."""
    text: list[str] = []
    opened: list[str] = []
    at = 0
    while at < len(source):
        if source[at] == "&":
            match = _ENTITY.match(source, at)
            shown = _shown(match) if match else None
            text.append(shown if shown is not None else "&")
            at = match.end() if match and shown is not None else at + 1
        elif source[at] != "<":
            text.append(source[at])
            at += 1
        elif source.startswith("</", at):
            at = _closed(source, at, opened)
        else:
            at = _opened(source, at, opened)
    if opened:
        raise BadRequest("Bad Request: can't parse entities: Can't find end tag corresponding to start tag "
                         f'"{opened[-1]}"')
    return "".join(text)


def _shown(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return NAMED.get(name)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x10FFFF else None


def _opened(source: str, at: int, opened: list[str]) -> int:
    match = re.compile(r"<([^\s>]*)").match(source, at)
    assert match
    tag, here = match.group(1).lower(), match.end()
    if here >= len(source):
        raise BadRequest(f"Bad Request: can't parse entities: Unclosed start tag at byte offset {at}")
    if tag not in TAGS:
        raise BadRequest(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset {at}')
    attributes = {}
    while (found := _ATTRIBUTE.match(source, here)) is not None:
        attributes[found.group(1).lower()] = next(g for g in found.groups()[1:] if g is not None)
        here = found.end()
    if source[here : here + 1] != ">":
        raise BadRequest(f"Bad Request: can't parse entities: Unclosed start tag \"{tag}\" at byte offset {at}")
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise BadRequest('Bad Request: can\'t parse entities: Tag "span" must have class "tg-spoiler" '
                         f"at byte offset {at}")
    if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
        raise BadRequest("Bad Request: can't parse entities: Invalid custom emoji identifier specified")
    opened.append(tag)
    return here + 1


def _closed(source: str, at: int, opened: list[str]) -> int:
    match = re.compile(r"</([^\s>]*)\s*(>?)").match(source, at)
    assert match
    if not opened:
        raise BadRequest(f"Bad Request: can't parse entities: Unexpected end tag at byte offset {at}")
    if not match.group(2):
        raise BadRequest(f"Bad Request: can't parse entities: Unclosed end tag at byte offset {at}")
    if match.group(1) and match.group(1).lower() != opened[-1]:
        raise BadRequest(f"Bad Request: can't parse entities: Unmatched end tag at byte offset {at}, expected "
                         f"\"</{opened[-1]}>\", found \"</{match.group(1)}>\"")
    opened.pop()
    return match.end()


def checked_keyboard(markup: Any) -> list[list[dict[str, str]]]:
    """The rows of an inline keyboard."""
    if markup is None:
        return []
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise BadRequest("Bad Request: object expected as reply markup")
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise BadRequest("Bad Request: REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        if not isinstance(button.get("text"), str) or not button["text"].strip():
            raise BadRequest("Bad Request: can't parse inline keyboard button: Text must be non-empty")
        kinds = [kind for kind in ("callback_data", "url") if kind in button]
        if len(kinds) != 1:
            raise BadRequest("Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
                             "inline keyboard")
        if kinds == ["callback_data"] and not 1 <= len(button["callback_data"].encode()) <= MOST_DATA:
            raise BadRequest("Bad Request: BUTTON_DATA_INVALID")
        if kinds == ["url"] and not button["url"].startswith(("https://", "http://", "tg://")):
            raise BadRequest(f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return rows


def check_action(parameters: dict[str, Any]) -> None:
    if parameters.get("action") not in ACTIONS:
        raise BadRequest("Bad Request: wrong parameter action in request")


def checked_commands(parameters: dict[str, Any]) -> list[dict[str, str]]:
    commands = parameters.get("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise BadRequest("Bad Request: can't parse commands: expected an Array of BotCommand")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise BadRequest("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise BadRequest("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def check_webhook(parameters: dict[str, Any]) -> None:
    """As a Bot API server in local mode does: plain HTTP is allowed to it."""
    if not re.match(r"https?://[^/]+", parameters.get("url", "")):
        raise BadRequest("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", parameters.get("secret_token", "")):
        raise BadRequest("Bad Request: secret token contains unallowed characters")
    if not 1 <= int(parameters.get("max_connections", 40)) <= 100:
        raise BadRequest("Bad Request: max_connections must be between 1 and 100")
    if not set(parameters.get("allowed_updates", [])) <= UPDATES:
        raise BadRequest("Bad Request: can't parse allowed_updates")


def command_entities(text: str) -> list[dict[str, Any]]:
    """The entities Telegram finds in a text that starts with a command."""
    match = re.match(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?", text)
    return [{"offset": 0, "length": match.end(), "type": "bot_command"}] if match else []
