"""Finds what is known by its form: e-mails, links, handles, phone numbers, record numbers, dates, addresses, postcodes.

Each rule is a pattern and the word that replaces it. What a doctor may need stays: ages, doses, days,
counts, percentages, vertebrae (C2), vitamins (B12), years by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTH = (r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
          r"oct(?:ober)?|"
          r"nov(?:ember)?|dec(?:ember)?)\.?")
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
#: A day, a month and a year, in figures or with the month's name.
_FULL_DATE = (rf"(?:\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?{_YEAR}|{_YEAR}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|"
              rf"{_DAY}\s+(?:of\s+)?{_MONTH}[\s,]+{_YEAR}|{_MONTH}\s+{_DAY}[\s,]+{_YEAR}|{_DAY}-{_MONTH}-{_YEAR})")
_ANY_DATE = (rf"(?:{_FULL_DATE}|\d{{1,2}}[/. -]\d{{1,2}}[/. -]\d{{2}}|{_DAY}\s+(?:of\s+)?{_MONTH}(?:[\s,]+'?\d\d)?|"
             rf"{_MONTH}\s+{_DAY}(?:[\s,]+'?\d\d)?|{_MONTH}\s+{_YEAR}|\d{{6,8}}|{_YEAR})")
#: What follows a number that is a dose, a count or a time and not an identity.
_UNIT = (r"(?:mgs?|mcg|µg|ug|g|grams?|ml|iu|units?|mmol|steps|calories|kcal|cal|days?|weeks?|months?|years?|yrs?|"
         r"hours?|hrs?|"
         r"minutes?|mins?|times|tablets?|pills?|patients?|people|women|men|percent|dollars|pounds|euros|usd|per|"
         r"a\s+day|"
         r"(?:or|of)\s+(?:more|less|fewer))\b|%|/")
_NOT_A_DOSE = rf"(?!\s?(?:{_UNIT}))"
_FOLLOWS_CUE = (r"\s*(?:(?:no|nr|num|numbers?|id|code|is|was|are|ends?\s+in|ending|starts?\s+with)\b\.?|"
               r"[:#=-])*\s*(?:\b(?:is|was)\s+)?")
_RECORD_CUE = (r"(?:nhs|ssn|social\s+security|mrn|medical\s+record|health\s+record|patient|hospital|chart|record|"
               r"insurance|policy|"
               r"member(?:ship)?|medicare|medicaid|passport|driver'?s?\s+licen[cs]e|licen[cs]e|account|acct|case|claim|"
               r"reference|ref|card|group|subscriber|identification|national\s+insurance|ni|chi|id|aetna|cigna|kaiser|"
               r"blue\s+cross|bcbs|unitedhealth(?:care)?|humana)")
_RECORD_NUMBER = (r"(?P<number>(?=[A-Z]{0,5}[ -]?[A-Z]{0,2}\d)[A-Z]{0,5}[ -]?[A-Z0-9]{1,20}"
                  r"(?:[ -][A-Z]?\d[A-Z0-9]{0,12}){0,6})")
_MIDDLE = (r"(?:(?!(?:days?|weeks?|months?|years?|hours?|minutes?|mins?|mg|ml|times|a|an|the|in|on|of|my|to|"
          r"per)\b)[A-Za-z][\w'.-]*\s+)")
#: A flat, and the town that follows in capitals.
_FLAT = (r"(?:,?\s*(?:apt|apartment|unit|flat|suite|ste|#)\.?\s*\w+)?"
         r"(?-i:(?:,?\s+[A-Z][a-z'-]+){1,3}(?=\s*(?:,|[A-Z]{1,2}\d?|\d|$|[.;!?\n])))?")


def _phone_or_same(match: re.Match[str]) -> str:
    text = match.group()
    digits = sum(letter.isdigit() for letter in text)
    groups = re.findall(r"\d+", text)
    if not 7 <= digits <= 15 or max(map(len, groups)) < 3 or all(re.fullmatch(_YEAR, group) for group in groups):
        return text
    # Doses one after another: 300 600 900.
    rounded = all(len(group) < 5 and group.endswith(("00", "50")) for group in groups)
    doses = rounded and len(groups) > 2 and set(text) <= set("0123456789 ")
    return text if doses else "[phone]"


def _record_or_same(match: re.Match[str]) -> str:
    number = match["number"]
    is_year = re.fullmatch(_YEAR, number) is not None
    return match.group() if is_year or sum(letter.isdigit() for letter in number) < 4 else f"{match['cue']}[number]"


def _postcode_or_same(match: re.Match[str]) -> str:
    # "c2 3rd" and "B12 5st" are no postcodes; "c2c3c4" are vertebrae.
    text = match.group()
    if text[-2:].lower() in {"nd", "rd", "th", "st", "hr", "yr", "pg", "ug", "wk", "pt"}:
        return text
    return text if len(set(re.sub(r"[\d\s-]", "", text.lower()))) == 1 else "[postcode]"


_Replacement = str | Callable[[re.Match[str]], str]
_RULES: list[tuple[str, re.Pattern[str], _Replacement]] = [
    (needs, re.compile(pattern, re.IGNORECASE), replacement) for needs, pattern, replacement in (
        ("@", r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", "[email]"),
        ("", r"(?<![\w.+-])[\w.+-]{1,64}\s{0,3}[(\[]?\bat\b[)\]]?\s{0,3}[\w-]{1,63}\s{0,3}(?:\.|"
             r"[(\[]?\bdot\b[)\]]?)\s{0,3}(?:com|org|net|edu|gov|co\s*(?:\.|dot)\s*uk|de|fr|ca|ie)\b",
         "[email]"),
        (".", r"(?:https?://|ftp://|www\.)[^\s<>\"']+", "[link]"),
        (".", r"(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|edu|gov|io|info|me|biz|ly|app|co\.uk|"
              r"org\.uk|ac\.uk|nhs\.uk)\b(?:/[^\s<>\"']*)?",
         "[link]"),
        ("@", r"(?<![\w@.])@\w[\w.]{1,30}", "[handle]"),
        ("", r"\b(?P<cue>(?:instagram|insta|ig|twitter|snapchat|snap|tiktok|telegram|skype|discord|facebook|fb|"
             r"whatsapp|handle|username|user\s+name)"
             r"\s*(?:handle|name|id|account)?\s*(?::|=|\bis\b|"
             r"\bas\b))\s*(?!\[)@?(?=[\w.-]{3,})[\w.-]+", r"\g<cue> [handle]"),
        ("0", rf"\b(?P<cue>(?:d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?-?date|birthday|b-?day|born)\b(?:\s*(?::|"
              rf"is|was|on|in|the|date|-|="
              rf"|my|i)\s*)*)\s*{_ANY_DATE}", r"\g<cue>[date of birth]"),
        ("0", rf"\b{_FULL_DATE}(?!\d)", "[date]"),
        ("0", r"\b\d{3}[-\s]\d{2}[-\s]\d{4}\b", "[number]"),
        ("0", rf"\b(?P<cue>{_RECORD_CUE}\b{_FOLLOWS_CUE})(?!\[){_NOT_A_DOSE}{_RECORD_NUMBER}\b{_NOT_A_DOSE}",
         _record_or_same),
        ("0", r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", "[number]"),
        ("", r"\bp\.?\s?o\.?\s?box\s+\d+\b", "[address]"),
        ("0", rf"(?<![\w.])\d{{1,5}}[A-Za-z]?,?\s+{_MIDDLE}{{1,4}}(?:street|avenue|ave|road|rd|lane|ln|boulevard|"
              rf"blvd|crescent|terrace|highway|"
              rf"hwy|parkway|pkwy|gardens|mews)\b\.?{_FLAT}", "[address]"),
        ("0", r"(?<![\w.])(?-i:\d{1,5}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w'.-]*\s+){1,3}(?:St|Dr|Ct|Pl|Cir|Sq|"
              r"Drive|Court|Place|Way|Close|Circle|"
              r"Square|Row|Grove|Park|Hill|Loop|Trail|Walk|Green|Street|Avenue|Road|Lane)\b\.?)" + _FLAT, "[address]"),
        ("", r"\b(?P<cue>(?:my|home|postal|mailing|street)\s+address(?:\s+is|\s*:)|"
             r"i\s+reside\s+at)\s+(?!\[)[^\n.;!?]{3,80}", r"\g<cue> [address]"),
        ("", rf"\b(?P<cue>(?:i|we|she|he|they)(?:\s+now)?\s+(?:live|lives|living|stay)\s+(?:in|at|on|near)|(?:i'?m|"
             rf"i\s+am|we'?re)\s+(?:living\s+(?:in|at|on)|from)"
             rf"|living\s+(?:in|at|"
             rf"on))\s+(?:the\s+)?(?-i:\d*\s*[A-Z][\w'-]+(?:,?\s+[A-Z][\w'-]+){{0,4}}){_FLAT}", r"\g<cue> [address]"),
        ("0", r"\b(?:apt|apartment|flat)\.?\s+\d+\w?\b", "[address]"),
        ("0", r"\b(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?)\s?\d[ABD-HJLNP-UW-Z]{2}\b", _postcode_or_same),
        ("0", r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z][\s-]?\d[A-Z]\d\b", _postcode_or_same),
        ("0", r"\b\d{5}-\d{4}\b", "[postcode]"),
        ("0", r"\b(?P<cue>(?:zip|zip\s?code|post\s?code|postal\s+code|eircode)(?:\s+is|"
              r"\s*:)?)\s+(?!\[)[A-Z0-9]{3,5}(?:[ -]?\d[A-Z0-9]{1,3})?\b",
         r"\g<cue> [postcode]"),
        ("0", r"\b(?P<cue>(?-i:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|"
              r"S[CD]|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD"
              r"|SA|TAS|ACT|NT)),?\s+\d{4,5}\b" + _NOT_A_DOSE, r"\g<cue> [postcode]"),
        ("0", rf"(?<![\w$€£.,/-])(?:\+|\b00)?\(?\d(?:[\d]|[\s.()-]{{1,2}}(?=[\d(]))+\d(?![\w/%]|"
              rf"[.,]\d){_NOT_A_DOSE}", _phone_or_same),
        ("0", rf"(?<![\w$€£.,])\d{{7,}}(?![\w%]|[.,]\d){_NOT_A_DOSE}", "[number]"),
        # A ZIP code by itself; a round number is a count.
        ("0", rf"(?<![\w$€£.,/-])(?!\d{{3}}00)\d{{5}}(?![\w%/]|[.,-]\d){_NOT_A_DOSE}", "[postcode]"),
    )
]
_DIGIT = re.compile(r"\d")


def redact_numbers(text: str) -> str:
    """The text without e-mails, links, handles, phone and record numbers, dates, addresses and postcodes."""
    has_digit = bool(_DIGIT.search(text))
    for needs, pattern, replacement in _RULES:
        if needs == "0" and not has_digit:
            continue
        if needs in ("", "0") or needs in text:
            text = pattern.sub(replacement, text)
    return text
