"""The words of a reply, for comparing channels: what a reader reads, without bullets, numbers and layout."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    @property
    def words(self) -> list[str]:
        return self._text.split()

    def handle_data(self, data: str) -> None:
        self._text += data


def on_the_website(reply: dict[str, Any]) -> list[str]:
    """The words of a reply object as a web page shows its Markdown, then its sources, then whom to consult."""
    page = _Text()
    page.feed(MarkdownIt("commonmark", {"html": False}).render(reply["text"]))
    where = "; ".join(source["where"] for source in reply.get("sources", []))
    return page.words + (f"Source: {where}.".split() if where else []) + reply.get("consult", "").split()


def in_telegram(texts: list[str]) -> list[str]:
    """The words of messages as Telegram shows them."""
    lines = [re.sub(r"^\s*(•|\d+\.) ", "", line) for text in texts for line in text.splitlines()]
    return [word for line in lines for word in line.split()]
