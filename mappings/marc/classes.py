"""Classification (050-086) and audience (008/22, 385, 521)."""

from __future__ import annotations

import re

from mappings.easy import mentions_easy, says_easy
from mappings.marc.draft import Draft, Subfields, every, first
from mappings.marc.kept import keep_if_more, keep_whole, kept_field
from mappings.marc.punctuation import trim
from mappings.marc.tables import table

_SCHEMES: dict[str, str] = table("marc")["classification"]
_AUDIENCE: dict[str, str] = table("marc")["audience"]
_OWN = {"050": "lcc", "060": "nlm", "080": "udc", "086": "sudoc"}
_SLASHES = str.maketrans({"/": None, "′": None, "'": None})
_YKL = re.compile(r"(?:[A-ZÅÄÖ]{1,2} ?)?\d")  # L85.22: the class, and before it the department (L: children)
_AUDIENCE_TYPES = frozenset("acdgijkmort")
_INTEREST = {"0": "reading_grade", "1": "interest_age", "2": "interest_grade", "3": "special", "4": "motivation"}


def numbered_class(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """050, 060, 080 and 086: the scheme is the field's; 086 with another agency names it in $2."""
    keep_if_more(draft, tag, indicators, subfields)
    scheme = _OWN[tag]
    if tag == "086" and indicators[:1] != "0" and (stated := first(subfields, "2")):
        scheme = stated.strip().lower()
    divisions = "".join(value.strip() for value in every(subfields, "x")) if tag == "080" else ""
    for code, value in subfields:
        if code == "a" and value.strip():
            draft.classification.append((scheme, value.strip().rstrip(".") + divisions))


def dewey(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """082 and 083, without the marks of segmentation."""
    keep_if_more(draft, tag, indicators, subfields)
    for value in every(subfields, "a"):
        number = value.translate(_SLASHES).strip()
        if number[:1].isdigit() or number.startswith("["):
            draft.classification.append(("dewey", number.strip("[] ")))


def other_class(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """084 (other schemes) and 072 (subject category codes) by $2; without $2 a number means nothing."""
    stated, edition, _ = first(subfields, "2").strip().lower().partition("/")
    if not stated:
        return
    scheme, before = _SCHEMES.get(stated, stated), len(draft.classification)
    for value in every(subfields, "a"):
        number = re.sub(rf"^{re.escape(stated)}:", "", value.strip(), flags=re.IGNORECASE)
        divisions = f" {first(subfields, 'x')}".rstrip() if tag == "072" else ""
        if scheme == "ykl" and not _YKL.match(number):
            draft.report("code.unknown", "084$a", code=number, list="YKL")
            continue
        draft.classification.append((scheme, number + divisions))
    if len(draft.classification) > before:
        keep = kept_field if edition else keep_if_more
        keep(draft, tag, indicators, subfields)


def audience_term(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """385: each term with the code after it; an address stands for the code of a single term. Kept where it has one,
    or says the language of its list."""
    if any(code == "0" or (code == "2" and "/" in value) for code, value in subfields):
        kept_field(draft, tag, indicators, subfields)
    rows: list[tuple[str, str]] = []
    for code, value in subfields:
        if code == "a":
            rows.append((trim(value), ""))
        elif code == "b":
            term, stated = rows.pop() if rows and not rows[-1][1] else ("", "")
            rows.append((term, stated or value.strip()))
    if len(rows) <= 1:
        term, stated = rows[0] if rows else ("", "")
        rows = [(term, stated or first(subfields, "0"))]
    scheme = first(subfields, "2").split("/")[0] or "385"
    for term, stated in rows:
        if term or stated:
            draft.audience.append({"scheme": scheme, "code": stated or term, "text": term or None})


def audience_note(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """521: the note as it stands, its kind by the first indicator."""
    keep_whole(draft, tag, indicators, subfields)
    for text in every(subfields, "a"):
        kind = _INTEREST.get(indicators[:1], "audience")
        draft.audience.append({"scheme": "521", "code": kind, "text": text.strip()})


def settle_audience(draft: Draft) -> None:
    """008/22, and what 245 $b, 250, 490, 521, 546 and 655 say of an easy language, as ONIX says it (list 21)."""
    _fixed_audience(draft)
    said = [*draft.genre_words, *draft.edition]
    if draft.series:
        said += [series["title"] for series in draft.series]
    said += [title["text"] for title in draft.titles if title["kind"] == "subtitle"]
    said += [text for kind, text, _ in draft.notes if kind == "language"]
    if draft.audience:
        said += [found["text"] for found in draft.audience if found["scheme"] != "marc" and found["text"]]
    if said and mentions_easy("\n".join(said)):
        text = next((bare for text in said if says_easy(bare := trim(text))), None)
        if text is not None:
            draft.audience.append({"scheme": "onix-edition", "code": "ETR", "text": text})


def _fixed_audience(draft: Draft) -> None:
    """008/22, for the kinds of material that have an audience there."""
    code = draft.fixed[22:23]
    if code in _AUDIENCE and draft.leader[6] in _AUDIENCE_TYPES and draft.leader[7] not in "sib":
        draft.audience.insert(0, {"scheme": "marc", "code": code, "text": _AUDIENCE[code]})
