"""Languages: 041 and 008/35-37, with the old habit of writing several codes in one subfield."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.record import Languages
from catalogue.vocabularies import language
from mappings.marc.draft import Draft, Subfields, Values, first
from mappings.marc.kept import more_languages

_UNKNOWN = frozenset({"und", "zxx", "mul"})
_BETWEEN = re.compile(r"[\s,;/&+-]+")
_TARGETS = {"a": "text", "d": "spoken", "h": "original"}
_HEARD = frozenset("gijm")  # sound and moving image: 041 $d is the language that is heard


def language_field(draft: Draft, _tag: str, indicators: str, subfields: Subfields) -> None:
    """041 $a text, $d sung or spoken, $h original; the others ($b summaries, $j subtitles …) are kept as written."""
    scheme = first(subfields, "2")
    said: list[tuple[str, str]] = []
    for code, value in subfields:
        if code in _TARGETS:
            found = _codes(draft, value, scheme)
            draft.languages[_TARGETS[code]] += found
            said += [(code, each) for each in found]
        elif code.isalpha():
            said += [(code, each) for each in _pieces(value.strip().lower(), scheme)]
    more_languages(draft, indicators, said)


def settle_languages(draft: Draft) -> Languages:
    """Text languages from 041, else 008; the original from 041 $h."""
    told: Values = draft.languages
    text = told["spoken"] or told["text"] if draft.leader[6] in _HEARD else told["text"] or told["spoken"]
    if draft.leader[6] in "cj" and told["text"]:
        text = told["text"] if not told["spoken"] else told["spoken"]
    if not text:
        code = draft.fixed[35:38]
        text = [code] if code in _KNOWN else _fixed_codes(draft)
    if not text and "of_title" in told:
        text = told["of_title"]
    return _languages(tuple(text), tuple(told["original"]))


def _fixed_codes(draft: Draft) -> list[str]:
    """The language of 008/35-37; none where the field is shifted: the ``sw`` of ``|sw`` is no Swahili."""
    code = draft.fixed[35:38]
    if code and code != (cut := code.lstrip("|-#^ ")) and cut:
        draft.report("language.unknown", "008/35", code=code)
        return []
    return _codes(draft, code, "", place="008/35")


@lru_cache(maxsize=2048)
def _languages(text: tuple[str, ...], original: tuple[str, ...]) -> Languages:
    several = tuple(dict.fromkeys(code for code in text if code not in _UNKNOWN)) or tuple(dict.fromkeys(text))
    first_written = tuple(dict.fromkeys(code for code in original if code not in _UNKNOWN))
    return Languages(text=several, original=first_written, declared=several, reason="declared" if several else None)


def _codes(draft: Draft, value: str, scheme: str, place: str = "041") -> list[str]:
    written = value.strip().lower()
    if written in _KNOWN:
        return [written]
    if not written.strip("|-#^ "):
        return []
    found = []
    for piece in _pieces(written, scheme):
        code = language(piece)
        if code is None:
            draft.report("language.unknown", place, code=piece)
        else:
            found.append(code)
    return found


_KNOWN = frozenset(("fin", "swe", "eng"))  # nearly all there is; the rest is looked up


def _pieces(written: str, scheme: str) -> list[str]:
    """``engfre``, ``eng-fre`` → eng, fre: before 2001 the codes of one subfield were written together."""
    bare = written.strip(".,;| ")
    apart = _BETWEEN.split(bare)
    if len(apart) > 1 and not scheme and all(len(piece) == 3 and language(piece) for piece in apart):
        return apart
    if not scheme and len(bare) > 3 and len(bare) % 3 == 0 and bare.isalpha() and language(bare) is None:
        return [bare[i : i + 3] for i in range(0, len(bare), 3)]
    return [bare]
