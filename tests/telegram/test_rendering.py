"""Markdown becomes HTML that Telegram accepts, in pieces it accepts, with not a word lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_rendering import MOST_UNITS, Span, html, of_markdown, pieces, plain, split, units
from bot.knowledge_base import KnowledgeBase
from tests.telegram.bot_api_rules import checked_message, parsed_html
from tests.telegram.words import in_telegram, on_the_website


def test_what_staff_write_in_markdown() -> None:
    shown = html(of_markdown("**In *short*:** a & b < c\n\n- one\n- two\n\n1. first\n2. second\n\n> said so"))
    assert shown == ("<b>In <i>short</i>:</b> a &amp; b &lt; c\n\n• one\n• two\n\n1. first\n2. second\n\n"
                     "<blockquote>said so</blockquote>")


def test_what_telegram_has_no_form_for_stays_readable() -> None:
    assert html(of_markdown("# Title\n\ntext\n\n---\n\n![a map](x.png)")) == "<b>Title</b>\n\ntext\n\n———\n\na map"
    assert html(of_markdown("[call](tel:5550142)")) == "call"
    assert html(of_markdown('[read](https://e.org/?a="1"&b=2)')) \
        == '<a href="https://e.org/?a=%221%22&amp;b=2">read</a>'


def test_html_in_a_text_is_shown_not_obeyed() -> None:
    assert html(of_markdown("<script>x</script> <b>no")) == "&lt;script&gt;x&lt;/script&gt; &lt;b&gt;no"


def test_every_answer_is_accepted_word_for_word(knowledge: KnowledgeBase) -> None:
    for answer in knowledge.answers.values():
        reply = {"text": f"**{answer.title}**\n\n{answer.body}", "consult": "Talk to <your> doctor & others.",
                 "sources": [{"where": where} for where in knowledge.where(answer.citations)]}
        texts = [checked_message({"text": piece.html, "parse_mode": "HTML"})[0] for piece in pieces(reply)]
        assert in_telegram(texts) == on_the_website(reply), answer.id


def test_a_long_reply_is_cut_between_paragraphs() -> None:
    paragraphs = [f"Paragraph {number}. " + "Some words of it. " * 40 for number in range(12)]
    shown = pieces({"text": "\n\n".join(paragraphs)})
    assert len(shown) > 1
    assert all(piece.plain.startswith("Paragraph ") and units(piece.plain) <= MOST_UNITS for piece in shown)
    assert in_telegram([piece.plain for piece in shown]) == " ".join(paragraphs).split()


def test_bold_that_is_cut_goes_on_in_the_next_message() -> None:
    parts = split([Span("word " * 2000, ("b",))])
    assert [html(part)[:3] + html(part)[-4:] for part in parts] == ["<b></b>"] * 3


def test_an_emoji_is_never_cut_in_two() -> None:
    parts = split([Span("😀" * 5000)])
    assert [units(plain(part)) for part in parts] == [4096, 4096, 1808]


@given(st.text(st.sampled_from("ab *_`<>&[](){}!#-1.\n\t\"'😀\\|~=+"), max_size=300), st.integers(20, 200))
def test_whatever_is_written_telegram_accepts_it(markdown: str, most: int) -> None:
    spans = of_markdown(markdown)
    parts = split(spans, most)
    for part in parts:
        assert parsed_html(html(part)) == plain(part)
        assert 0 < units(plain(part)) <= most
    assert "".join("".join(plain(part).split()) for part in parts) == "".join(plain(spans).split())
