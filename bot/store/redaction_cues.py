"""The words that bring a name: "my name is", "I'm", "Dr.", "thanks, …", as patterns of spaCy's matcher."""

from __future__ import annotations

from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

Pattern = list[dict[str, Any]]
_PEOPLE = "son daughter husband wife mother father mum mom dad sister brother partner boyfriend girlfriend friend"
_OTHERS = (
    "aunt uncle cousin niece nephew grandson granddaughter neighbour neighbor colleague boss nurse doctor professor prof "
    ""
    "neurologist therapist named hi hello hey dear"
)
_SIGN_OFFS = (
    "thanks thank thankyou thx regards wishes best sincerely cheers love yours truly faithfully respectfully xx xxx "
    "greetings you advance"
)


def _one_of(words: str, **more: Any) -> dict[str, Any]:
    """A token that is one of some words, in any case."""
    return {"LOWER": {"IN": words.split()}, **more}


_IS, _AM = _one_of("is 's ’s : - = was"), _one_of("am 'm ’m is 's ’s")
_PAUSE = {"TEXT": {"REGEX": r"^(?:[,!.~–—-]+|\s+)$"}, "OP": "{1,3}"}
#: By how sure it is that a name follows.
CUES: dict[str, list[Pattern]] = {
    # Whatever follows is a name.
    "sure": [
        [
            _one_of("my his her their your full first last mum's patient maiden family husband wife"),
            _one_of("full first last given family middle real 's", OP="?"),
            _one_of("name names surname"),
            _IS,
        ],
        [_one_of("name surname patient"), {"LOWER": ":"}],
        [_one_of(f"{_PEOPLE} doctor neurologist nurse"), _one_of("'s ’s"), {"LOWER": "name"}, _IS],
        [{"LOWER": "signed"}, _one_of(", :")],
    ],
    # A name follows only if it looks like one.
    "maybe": [
        [_one_of("i this he she"), _AM, _one_of("called named", OP="?")],
        [{"LOWER": "im"}],
        [_one_of("my his her"), _one_of("name names")],
        [{"LOWER": "call"}, _one_of("me him her")],
        [_one_of(f"{_PEOPLE} {_OTHERS}"), {"IS_PUNCT": True, "OP": "?"}],
    ],
    "titled": [
        [_one_of("dr dr. mr mr. mrs mrs. prof. mister missus")],
        # "MS" and "ms" are multiple sclerosis, "miss" is a verb.
        [{"TEXT": {"IN": ["Ms", "Ms.", "Miss"]}}],
        [_one_of("dr mr mrs prof"), {"TEXT": "."}],
    ],
    # A name, and then the end of the message.
    "signed": [[_one_of(_SIGN_OFFS), _PAUSE], [{"TEXT": {"REGEX": r"^[~–—-]+$"}}]],
}
#: These follow such words and are no names.
NO_NAME = frozenset(STOP_WORDS) | frozenset(
    word
    for words in (
        "i'm im ive i've id dont suffering having getting writing asking calling speaking diagnosed aged age year years",
        "old",
        "female male woman man patient worried confused spelled hello hi hey dear madam sir again lot advance doctor",
        "doctors",
        "doc dr nurse everyone guys team bye goodbye migraine migraines headache headaches pain help please thanks",
        "thank",
        "today tomorrow asap crazy later soon kindly regards sent told said says prescribed gave appointment",
        "appointments",
        "office visit practitioner specialist neurologist new different same good bad best sorry yes no ok okay",
        "question",
        "problem history suffers has had takes symptoms treatment medication name",
    )
    for word in words.split()
)
#: "San Diego" is no Diego.
PLACES = frozenset({"san", "santa", "st", "saint", "lake", "fort", "mount", "new", "port"})
