"""Titles: 245 and the fields around it (130, 222, 240, 242, 246, 247, 880)."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.vocabularies import language
from mappings.marc.draft import Draft, Subfields, Values, every, first
from mappings.marc.kept import keep_if_more, kept_field
from mappings.marc.originals import add_original
from mappings.marc.punctuation import balance, trim, unwrap
from mappings.marc.tables import alternatives, table, words_to_codes
from mappings.marc.words import form_words

_WORDS = table("marc_words")
_COLLECTIVE = frozenset(_WORDS["collective_titles"]["words"])
_DESIGNATIONS = frozenset(_WORDS["designations"]["words"])
_LABEL = re.compile(rf"^(?:{alternatives(_WORDS['part']['labels'])})[\s.:]*(?=[\divxlc\[])", re.I)
_COUNTED = re.compile(rf"^(\d+)[.:]?[ae]?\s+(?:{alternatives(_WORDS['part']['labels'])})\.?$", re.I)
_ORDINALS = words_to_codes(_WORDS["edition"]["ordinals"])
_ORDINAL = re.compile(rf"^({alternatives(list(_ORDINALS))})\s+(?:{alternatives(_WORDS['part']['labels'])})\.?$", re.I)
_NOTED = {  # in this order: "alkuperäisnimeke" before "rinnakkaisnimeke"
    kind: re.compile(rf"(?<!\w)(?:{alternatives(_WORDS['title_notes'][kind])})", re.I)
    for kind in ("original", "parallel", "former")
}
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_CONTROLS = str.maketrans({"\x88": None, "\x89": None, "\x98": None, "\x9c": None, "¬": None})
_FIRST = frozenset(("main", "subtitle", "part"))  # 245 comes before what 1XX and 24X say of the work
_NO_LANGUAGE = frozenset(("mul", "und", "zxx"))
_NAMES = frozenset(("100", "110", "111", "700", "710", "711"))
_MORE = frozenset("nfgks")  # of 245: the words before a part's number, dates and forms of archives
_BETWEEN = re.compile(r"\s*(?:,|&|/|\bja\b|\boch\b|\band\b)\s*")
_LINK = re.compile(r"(\d{3})-(\d\d)")


def title_field(draft: Draft, _tag: str, indicators: str, subfields: Subfields) -> None:
    """245. A second 245 is read as an alternative title: the first one names the publication."""
    if draft.has_title:
        return _add(draft, "alternative", _joined(subfields, "abnp"))
    draft.has_title = True
    _keep(draft, indicators, subfields)
    proper, ended = "", ""
    others: list[tuple[str, str]] = []
    parts: list[tuple[str, str]] = []
    for code, value in subfields:
        if code == "a" and not proper:
            proper = value
        elif code in "ab":
            others.append((ended, value))
        elif code in "np":
            parts.append((code, value))
        elif code in "ch":
            _beside_title(draft, code, value)
        ended = value.rstrip()[-1:] or ended
    _title_proper(draft, proper or first(subfields, "k"), _nonfiling(indicators))
    for mark, value in others:
        _other_title(draft, mark, value)
    return _parts(draft, parts) if parts else None


def _keep(draft: Draft, indicators: str, subfields: Subfields) -> None:
    if any(code in _MORE for code, _ in subfields):
        draft.kept.append(("245", indicators, subfields))


def _beside_title(draft: Draft, code: str, value: str) -> None:
    if code == "h":
        draft.carrier_words.append(("245$h", value))
    elif draft.responsibility is None:
        draft.responsibility = trim(value) or None


def uniform_title(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """130 and 240: what the work was first called; for a serial its distinguishing key title."""
    is_key = draft.leader[7] in "si" and tag == "130"
    keep = kept_field if is_key else keep_if_more
    keep(draft, tag, indicators, subfields)
    text = trim(_QUALIFIER.sub("", trim(_joined(subfields, "anp"))))
    words = first(subfields, "l")
    if words and (codes := _title_languages(words)):
        draft.languages.setdefault("of_title", codes)
    if is_key:
        _add(draft, "key", trim(_joined(subfields, "anp")))
    elif text.lower().rstrip(".") not in _COLLECTIVE:
        _add(draft, "original", text)


def varying_title(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """246: what $i says (original, parallel or former title), else parallel (second indicator 1), else alternative."""
    keep_if_more(draft, tag, indicators, subfields)
    said = first(subfields, "i")
    kind = next((kind for kind, words in _NOTED.items() if words.search(said)), None) if said else None
    kind = kind or ("parallel" if indicators[1:2] == "1" else "alternative")
    _add(draft, kind, _joined(subfields, "abnp"))


def former_title(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """247."""
    keep_if_more(draft, tag, indicators, subfields)
    _add(draft, "former", _joined(subfields, "abnp"))


def key_title(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """222: the ISSN key title with its qualifier; kept, for 130 may have the same."""
    kept_field(draft, tag, indicators, subfields)
    _add(draft, "key", _joined(subfields, "ab"))


def translated_title(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """242: the cataloguer's translation, in the language of $y."""
    _add(draft, "alternative", _joined(subfields, "abnp"), language=language(first(subfields, "y") or "-"))


def script_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """880: the same field in the original script: names and descriptions are read, all others kept, titles both."""
    link = _LINK.match(first(subfields, "6"))
    if link is None:
        return
    if link[1] in _NAMES:
        draft.script_names[link[0]] = trim(first(subfields, "a"))
    elif link[1] == "520":
        text = " ".join(value.strip() for value in every(subfields, "ab"))
        if text:
            draft.script_descriptions.append(text)
    else:
        draft.kept.append((tag, indicators, subfields))
        _script_title(draft, link[1], subfields)
    return


def _script_title(draft: Draft, tag: str, subfields: Subfields) -> None:
    if tag in ("245", "246", "240", "130"):
        text = trim(_joined(subfields, "ab"))
        if text:
            kind = "parallel" if tag == "245" else "alternative"
            draft.script_titles.append({"kind": kind, "text": text})


def settle_titles(draft: Draft, text_languages: list[str]) -> list[Values]:
    """All titles once each; a record without 245 is called by the next best title."""
    titles: list[Values] = []
    others: list[Values] = []
    for title in draft.titles:
        (titles if title["kind"] in _FIRST else others).append(title)
    titles += others
    if draft.stated_originals:
        add_original(draft, titles)
    titles += draft.script_titles
    if titles and titles[0]["kind"] != "main" and not any(title["kind"] == "main" for title in titles):
        ranked = ("parallel", "alternative", "key", "original")
        best = min(titles, key=lambda t: ranked.index(t["kind"]) if t["kind"] in ranked else len(ranked))
        titles = [best | {"kind": "main"}, *(title for title in titles if title is not best)]
    if len(text_languages) == 1 and text_languages[0] not in _NO_LANGUAGE:
        for title in titles:
            if title["kind"] in _FIRST:
                title["language"] = text_languages[0]
    return titles if len(titles) < 2 else _unique(titles)


def part_number(text: str) -> str:
    """A part number without its label: ``Osa 2.`` → ``2``, ``Vol. IV,`` → ``IV``."""
    return _without_label(unwrap(trim(text)))


@lru_cache(maxsize=2048)
def _without_label(bare: str) -> str:
    counted = _COUNTED.match(bare)
    ordinal = None if counted else _ORDINAL.match(bare)
    if ordinal:
        return _ORDINALS[ordinal[1].lower()]
    return counted[1] if counted else _LABEL.sub("", bare).strip("[]") or bare


def _unique(titles: list[Values]) -> list[Values]:
    main = titles[0]["text"]
    kept: dict[tuple[str, str], Values] = {}
    for title in titles:
        if title["kind"] in ("alternative", "parallel") and title["text"] == main:
            continue
        kept.setdefault((title["kind"], title["text"]), title)
    return list(kept.values())


def _title_proper(draft: Draft, written: str, nonfiling: int) -> None:
    text = _clean(written)
    proper, colon, rest = text.partition(" : ")
    main: Values = {"kind": "main", "text": unwrap(trim(_without_gmd(draft, proper)))}
    if not main["text"]:
        return
    if 0 < nonfiling < len(main["text"]):
        main["nonfiling"] = nonfiling
    draft.titles.append(main)
    if colon:
        _other_title(draft, ":", rest)


def _without_gmd(draft: Draft, text: str) -> str:
    """Without a general material designation that was written into $a: ``Songs. [CD]``."""
    at = text.rfind("[")
    if at > 0 and text.rstrip(" /:.").endswith("]") and _is_designation(text[at:]):
        draft.carrier_words.append(("245$h", text[at:]))
        return text[:at]
    return text


def _is_designation(text: str) -> bool:
    return any(form_words(text)[:3]) or text.strip("[] /:.").lower() in _DESIGNATIONS


def _other_title(draft: Draft, mark: str, written: str) -> None:
    """$b by the mark before it: a subtitle, after ``=`` a parallel title, after ``;`` another work's title."""
    here, *parallels = _clean(written).split(" = ")
    kind = {"=": "parallel", ";": "alternative"}.get(mark, "subtitle")
    _add(draft, kind, here)
    for text in parallels:
        _add(draft, "parallel", text)


def _parts(draft: Draft, parts: list[tuple[str, str]]) -> None:
    number = next((part_number(value) for code, value in parts if code == "n"), None)
    names = [trim(_clean(value)) for code, value in parts if code == "p"]
    title = ". ".join(name for name in names if name) or None
    draft.part = {"number": number or None, "title": title}
    main = next((t for t in draft.titles if t["kind"] == "main"), None)
    if main is None:
        _add(draft, "main", title or number or "")
    elif number:
        main["number"] = number
    if main is not None and title:
        draft.titles.append({"kind": "part", "text": title, "number": number or None})


def _nonfiling(indicators: str) -> int:
    digit = indicators[1:2]
    return int(digit) if digit.isascii() and digit.isdigit() else 0


def _title_languages(words: str) -> list[str]:
    """$l in any of our languages: ``suomi``, ``Svenska & finska``."""
    return [code for name in _BETWEEN.split(trim(words)) if (code := language(name))]


def _joined(subfields: Subfields, codes: str) -> str:
    return " ".join(value.strip() for value in every(subfields, codes))


def _clean(text: str) -> str:
    return text.translate(_CONTROLS) if not text.isascii() else text


def _add(draft: Draft, kind: str, text: str, **more: str | None) -> None:
    bare = balance(unwrap(trim(_clean(text))))
    if bare:
        title: Values = {"kind": kind, "text": bare}
        if more:
            title |= {k: v for k, v in more.items() if v}
        draft.titles.append(title)
