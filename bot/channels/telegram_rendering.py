"""A reply as Telegram shows it: the website's Markdown as HTML that Telegram accepts, in pieces it accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Characters of a message, as Telegram counts them: UTF-16 units without the tags.
MOST_UNITS = 4096
#: Where a long message is best cut, best first.
_CUTS = ("\n\n", "\n", ". ", " ")
_TAGS = {"strong": "b", "em": "i", "s": "s"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Span:
    """Words and the tags they stand in, outermost first: `("b", 'a href="…"')`."""

    text: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """One message: as HTML, and as plain text for when the HTML should be refused."""

    html: str
    plain: str


def pieces(reply: dict[str, Any]) -> list[Piece]:
    """The messages that show a reply object: text, where it stands, whom to consult."""
    spans = of_markdown(str(reply.get("text") or ""))
    where = [str(source["where"]) for source in reply.get("sources") or []]
    if where:
        spans += [Span("\n\n"), Span("Source: " + "; ".join(where) + ".", ("i",))]
    if reply.get("consult"):
        spans += [Span("\n\n"), Span(str(reply["consult"]))]
    return [Piece(html(part), plain(part)) for part in split(spans)]


def html(spans: Iterable[Span]) -> str:
    """Spans as balanced, escaped HTML; neighbours share the tags they have in common."""
    written: list[str] = []
    opened: list[str] = []
    for span in [*spans, Span("")]:
        shared = 0
        while shared < min(len(opened), len(span.tags)) and opened[shared] == span.tags[shared]:
            shared += 1
        written += [f"</{tag.split()[0]}>" for tag in reversed(opened[shared:])]
        written += [f"<{tag}>" for tag in span.tags[shared:]]
        written.append(escape(span.text, quote=False))
        opened = list(span.tags)
    return "".join(written)


def plain(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def split(spans: list[Span], most: int = MOST_UNITS) -> list[list[Span]]:
    """Cut spans into messages of at most so many UTF-16 units: between paragraphs, else lines, sentences, words."""
    rest = _trimmed(spans)
    parts = []
    while units(plain(rest)) > most:
        text = plain(rest)
        room = len(text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore"))
        found = ((text.rfind(cut, 0, room), len(cut.rstrip())) for cut in _CUTS)
        # A cut near the start would only make one message more.
        at = next((place + kept for place, kept in found if place > room // 4), room)
        first, rest = _cut(rest, at)
        parts.append(_trimmed(first))
        rest = _trimmed(rest)
    return [*parts, rest] if rest else parts


def of_markdown(text: str) -> list[Span]:
    """Markdown as spans. What Telegram has no form for becomes plain words: nothing is left out."""
    writer = _Writer()
    for token in _MARKDOWN.parse(text):
        writer.block(token)
    return _trimmed(writer.spans)


class _Writer:
    """Walks the tokens of a Markdown text and writes spans."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._tags: list[str] = []
        self._lists: list[int | None] = []
        self._gap = ""

    def block(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self._inline(token.children or [])
        elif kind == "heading_open":
            self._tags.append("b")
        elif kind == "heading_close":
            self._tags.pop()
            self._gap = "\n\n"
        elif kind == "paragraph_close":
            self._gap = "\n" if self._lists else "\n\n"
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._gap = "\n" if self._lists else self._gap
            self._lists.append(int(token.attrGet("start") or 1) if kind.startswith("ordered") else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            self._gap = "\n" if self._lists else "\n\n"
        elif kind == "list_item_open":
            number = self._lists[-1]
            if number is not None:
                self._lists[-1] = number + 1
            self._write("   " * (len(self._lists) - 1) + (f"{number}. " if number is not None else "• "))
        elif kind == "blockquote_open":
            self._write("")
            # Telegram's quotes can't stand in each other.
            self._tags.append("" if "blockquote" in self._tags else "blockquote")
        elif kind == "blockquote_close":
            self._tags.pop()
            self._gap = "\n\n"
        elif kind in ("fence", "code_block"):
            self._tags.append("pre")
            self._write(token.content.rstrip("\n"))
            self._tags.pop()
            self._gap = "\n\n"
        elif kind == "hr":
            self._write("———")
            self._gap = "\n\n"

    def _inline(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                self._write(token.content)
            elif token.type == "code_inline":
                self._tags.append("code")
                self._write(token.content)
                self._tags.pop()
            elif token.type in ("softbreak", "hardbreak"):
                self._write("\n")
            elif token.type == "image":
                self._write(token.content)
            elif token.type == "link_open":
                address = str(token.attrGet("href") or "")
                # Anything but a web address Telegram would drop; its words are kept.
                known = address.startswith(("https://", "http://"))
                self._tags.append(f'a href="{escape(address)}"' if known else "")
            elif token.type.endswith("_open"):
                self._tags.append(_TAGS.get(token.type[:-5], ""))
            elif token.type.endswith("_close"):
                self._tags.pop()

    def _write(self, text: str) -> None:
        if self._gap and self.spans:
            self.spans.append(Span(self._gap, tuple(tag for tag in self._tags if tag == "blockquote")))
        self._gap = ""
        if text:
            self.spans.append(Span(text, tuple(tag for tag in self._tags if tag)))


def _cut(spans: list[Span], at: int) -> tuple[list[Span], list[Span]]:
    """The spans before and after so many characters."""
    before: list[Span] = []
    for number, span in enumerate(spans):
        if at < len(span.text):
            return [*before, Span(span.text[:at], span.tags)], [Span(span.text[at:], span.tags), *spans[number + 1 :]]
        before.append(span)
        at -= len(span.text)
    return before, []


def _trimmed(spans: list[Span]) -> list[Span]:
    """Spans without white space at either end and without empty ones."""
    kept = [span for span in spans if span.text]
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = Span(kept[0].text.lstrip(), kept[0].tags)
        kept[-1] = Span(kept[-1].text.rstrip(), kept[-1].tags)
    return kept
